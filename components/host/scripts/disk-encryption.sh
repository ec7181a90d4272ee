# Parameters: settings, required (yes or no).

# Whether the file system of the path is on LUKS.
encrypted() {
  source="$(findmnt -n -o SOURCE --target "$1")"
  # findmnt shows the folder of a bind mount or a subvolume in brackets.
  lsblk -s -n -o TYPE "${source%%\[*}" 2>/dev/null | grep -qw crypt
}

found() {
  if encrypted / && encrypted /var; then echo yes; else echo no; fi
}

check() {
  [ "$required" = no ] || [ "$(found)" = yes ]
}

apply() {
  fail "the disk is not encrypted, and $settings.hardening.requireDiskEncryption requires it" \
    "reinstall the host with / and /var on LUKS, or set requireDiskEncryption to false"
}

report() {
  found
}
