# Reduces the tree to what CloudNativePG expects of a PostgreSQL image.
tree=$1

# The operator runs PostgreSQL as user and group 26, like the published images.
printf 'root:x:0:0:root:/root:/bin/bash\npostgres:x:26:26:PostgreSQL:/var/lib/postgresql:/bin/bash\n' > "$tree/etc/passwd"
printf 'root:x:0:\ntape:x:26:\n' > "$tree/etc/group"
printf 'passwd: files\ngroup: files\nhosts: files dns\n' > "$tree/etc/nsswitch.conf"
mkdir -p "$tree/var/lib/postgresql" "$tree/run/postgresql" "$tree/tmp" "$tree/usr/local/bin"
chmod 1777 "$tree/tmp" "$tree/run/postgresql"

chroot "$tree" localedef -i en_US -f UTF-8 en_US.UTF-8
chroot "$tree" ldconfig

# PostgreSQL runs without just-in-time compilation (LLVM), the wrappers in Perl, and translations.
rm -rf "$tree"/usr/share/bash-completion "$tree"/usr/share/i18n "$tree"/usr/share/locale "$tree"/usr/share/perl* \
  "$tree"/usr/share/postgresql/17/man "$tree"/usr/lib/x86_64-linux-gnu/perl* "$tree"/usr/lib/x86_64-linux-gnu/gconv \
  "$tree"/usr/lib/x86_64-linux-gnu/libLLVM* "$tree"/usr/lib/x86_64-linux-gnu/libz3* \
  "$tree"/usr/lib/x86_64-linux-gnu/libperl* "$tree"/usr/bin/perl* "$tree"/usr/lib/postgresql/17/lib/bitcode \
  "$tree"/usr/lib/postgresql/17/lib/llvmjit* "$tree"/usr/lib/postgresql/17/lib/pgxs \
  "$tree"/var/cache "$tree"/var/lib/apt "$tree"/var/lib/dpkg "$tree"/var/log "$tree"/var/cache/ldconfig

# mmdebstrap copies these files from the machine that runs it. They would make the image differ between machines.
rm -f "$tree/etc/hostname" "$tree/etc/resolv.conf"
