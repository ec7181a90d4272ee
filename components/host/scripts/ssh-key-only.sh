# Parameters: settings, user (of the SSH session).

drop_in="$root/etc/ssh/sshd_config.d/10-bibind.conf"
wanted="# Written by Bibind. sshd takes the first value it reads, and reads this folder in order.
PubkeyAuthentication yes
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitEmptyPasswords no
PermitRootLogin prohibit-password
# A minus removes algorithms from the defaults: those with SHA-1, and authentication codes of 64 bits.
MACs -hmac-sha1*,umac-64*
KexAlgorithms -diffie-hellman-*-sha1
HostKeyAlgorithms -ssh-rsa,ssh-rsa-cert-*"

effective() {
  mkdir -p "$root/run/sshd"
  sshd -T -C "user=$user,host=localhost,addr=127.0.0.1" 2>/dev/null
}

has() {
  effective | grep -qix "$1 $2"
}

key_only() {
  has passwordauthentication no && has kbdinteractiveauthentication no && has pubkeyauthentication yes
}

strong() {
  ! effective | grep -Eiq '^(macs|kexalgorithms|hostkeyalgorithms) [^-].*(sha1|umac-64)'
}

# A reload keeps all open connections.
reload() {
  if systemctl is-active --quiet ssh; then
    systemctl reload ssh
  elif [ -s "$root/run/sshd.pid" ]; then
    kill -HUP "$(cat "$root/run/sshd.pid")"
  fi
}

check() {
  same_file "$drop_in" "$wanted" && key_only && strong
}

apply() {
  home="$(getent passwd "$user" | cut -d: -f6)"
  grep -qs '^[^#]' "$root$home/.ssh/authorized_keys" "$root$home/.ssh/authorized_keys2" ||
    fail "$user has no key in ~/.ssh/authorized_keys, so nobody could log in" \
      "add your public key to that file, or set $settings.hardening.sshKeyOnly to false"
  printf '%s\n' "$wanted" | write_file "$drop_in" 644
  if ! sshd -t; then
    rm -f "$drop_in"
    fail "sshd does not accept its configuration" "correct what sshd -t reports above; nothing was changed"
  fi
  reload
  key_only || fail "sshd still accepts passwords" \
    "add as first line to /etc/ssh/sshd_config: Include /etc/ssh/sshd_config.d/*.conf"
  strong || fail "sshd still accepts algorithms with SHA-1 or 64-bit codes" \
    "remove MACs, KexAlgorithms and HostKeyAlgorithms from the other files of /etc/ssh"
}

remove() {
  rm -f "$drop_in"
  mkdir -p "$root/run/sshd"
  sshd -t
  reload
}
