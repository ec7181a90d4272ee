# Keeps only the libraries, and the files with the users, the groups and the configuration of name lookups.
tree=$1
kept=$tree/.kept
mkdir -p "$kept/etc" "$kept/tmp" "$kept/usr/lib"
chmod 1777 "$kept/tmp"
mv "$tree/usr/lib/x86_64-linux-gnu" "$tree/usr/lib/os-release" "$kept/usr/lib"
mv "$tree/usr/lib64" "$kept/usr"
mv "$tree/lib" "$tree/lib64" "$kept"
rm -rf "$kept/usr/lib/x86_64-linux-gnu/gconv"
printf 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/:/sbin/nologin\n' > "$kept/etc/passwd"
printf 'root:x:0:\nnonroot:x:65532:\n' > "$kept/etc/group"
printf 'passwd: files\ngroup: files\nhosts: files dns\n' > "$kept/etc/nsswitch.conf"
for each in "$tree"/*; do rm -rf "$each"; done
mv "$kept"/* "$tree"
rmdir "$kept"
