# Keeps only busybox, with a link for each of its commands.
tree=$1
mv "$tree/usr/bin/busybox" "$tree/busybox"
for each in "$tree"/*; do
  case $each in "$tree/busybox") ;; *) rm -rf "$each" ;; esac
done
mkdir -p "$tree/bin" "$tree/etc" "$tree/tmp"
chmod 1777 "$tree/tmp"
mv "$tree/busybox" "$tree/bin/busybox"
"$tree/bin/busybox" --list | while read -r command; do
  [ "$command" = busybox ] || ln -s busybox "$tree/bin/$command"
done
printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' > "$tree/etc/passwd"
printf 'root:x:0:\nnogroup:x:65534:\n' > "$tree/etc/group"
