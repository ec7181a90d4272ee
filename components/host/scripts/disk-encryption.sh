# Parameters: settings, required (yes or no).

# Whether a layer of LUKS lies below the file system that holds the path.
encrypted() {
  source="$(findmnt -n -o SOURCE --target "$1")"
  # A bind mount or a subvolume shows its folder in brackets.
  lsblk -s -n -o TYPE "${source%%\[*}" 2>/dev/null | grep -qw crypt
}

found() {
  if encrypted / && encrypted /var; then echo yes; else echo no; fi
}

check() {
  [ "$required" = no ] || [ "$(found)" = yes ]
}

apply() {
  fail "the disk is not encrypted and $settings.hardening.requireDiskEncryption asks for it" \
    "install the host again with LUKS below / and /var, or set requireDiskEncryption to false"
}

report() {
  found
}
