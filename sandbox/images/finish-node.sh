# Keeps libraries, and the few files that tell a program who it is and how to find names.
tree=$1
rm -rf "$tree"/usr/bin/* "$tree"/usr/sbin/* "$tree"/usr/share/* "$tree"/var "$tree"/home "$tree"/root "$tree"/opt \
  "$tree"/srv "$tree"/mnt "$tree"/media "$tree"/boot "$tree"/etc/default "$tree"/etc/profile.d "$tree"/etc/update-motd.d \
  "$tree"/usr/lib/x86_64-linux-gnu/gconv
mkdir -p "$tree/tmp"
chmod 1777 "$tree/tmp"
printf 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/:/sbin/nologin\n' > "$tree/etc/passwd"
printf 'root:x:0:\nnonroot:x:65532:\n' > "$tree/etc/group"
printf 'passwd: files\ngroup: files\nhosts: files dns\n' > "$tree/etc/nsswitch.conf"
