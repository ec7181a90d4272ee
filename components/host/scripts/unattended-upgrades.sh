# Security updates every day. They do not restart the machine: the operator decides when it restarts.

config="$root/etc/apt/apt.conf.d/60bibind-unattended-upgrades"
wanted='// Written by Bibind; apt reads it after the distribution'"'"'s own files.
APT::Periodic::Enable "1";
APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
Unattended-Upgrade::Automatic-Reboot "false";'

check() {
  same_file "$config" "$wanted" && has_package unattended-upgrades
}

apply() {
  ensure_package unattended-upgrades
  printf '%s\n' "$wanted" | write_file "$config" 644
}

remove() {
  rm -f "$config"
  forget_package unattended-upgrades
}
