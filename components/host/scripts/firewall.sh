# Parameters: settings, rules (the table inet bibind, for nft -f).
# The step changes this table only, and not those of kube-proxy and of the network plugin.

folder="$state/firewall"
kept="$folder/rules.nft"
live="$folder/live.txt"
unit="$root/etc/systemd/system/bibind-firewall.service"
unit_text="[Unit]
Description=Bibind's packet filter
DefaultDependencies=no
Before=network-pre.target
Wants=network-pre.target
After=nftables.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f $kept
ExecStop=/usr/sbin/nft delete table inet bibind

[Install]
WantedBy=multi-user.target"

listing() {
  nft -s list table inet bibind 2>/dev/null
}

check() {
  same_file "$kept" "$rules" || return 1
  same_file "$unit" "$unit_text" || return 1
  systemctl is-enabled --quiet bibind-firewall || return 1
  # The listing of the kernel shows a rule that somebody changed by hand.
  same_file "$live" "$(listing)"
}

# Whether the rules accept another connection of the deployer: its port is open, or its network is trusted.
deployer_may_return() {
  nft get element inet bibind open_tcp_ports "{ $4 }" >/dev/null 2>&1 ||
    nft get element inet bibind trusted_ipv4 "{ $1 }" >/dev/null 2>&1
}

# Bytes of this SSH connection that the deployer has not acknowledged; empty if ss does not list the connection.
unacknowledged() {
  ss -Htn state established "( sport = :$4 and dport = :$2 )" | awk '{ print $2 }' | head -n 1
}

# Whether this SSH connection still works in both directions.
connection_lives() {
  note "the packet filter is loaded; waiting until the deployer acknowledges a packet"
  tries=0
  while [ "$tries" -lt 10 ]; do
    sleep 0.5
    [ "$(unacknowledged "$@")" != 0 ] || return 0
    tries=$((tries + 1))
  done
  return 1
}

restore="nft delete table inet bibind"
[ ! -e "$kept" ] || restore="nft -f $kept"

# Restores the previous rules after 30 seconds, in case this shell cannot.
watch_over() {
  setsid sh -c "sleep 30; $restore" </dev/null >/dev/null 2>&1 &
  guard=$!
}

# take_back WHAT restores the previous rules and ends the step.
take_back() {
  $restore
  kill -- "-$guard" 2>/dev/null || true
  fail "$1; the previous rules are restored" \
    "add the SSH port to $settings.hardening.firewall.allowedTcpPorts, or your network to trustedNetworks"
}

# load CLIENT PORT SERVER PORT loads the rules. The arguments are SSH_CONNECTION; there are none without SSH.
load() {
  seen=
  [ $# -ne 4 ] || seen="$(unacknowledged "$@")"
  watch_over
  nft -f "$folder/rules.new" || fail "nft cannot load the rules" "read the message of nft above; nothing was changed"
  if [ $# -eq 4 ]; then
    deployer_may_return "$@" || take_back "the rules refuse a new connection of the deployer"
    # Behind an address translation, ss does not list the connection, and the step cannot wait for it.
    [ -z "$seen" ] || connection_lives "$@" || take_back "the rules interrupt the connection of the deployer"
  fi
  kill -- "-$guard" 2>/dev/null || true
}

apply() {
  ensure_package nftables
  mkdir -p "$folder"
  printf '%s\n' "$rules" | write_file "$folder/rules.new" 600
  nft -c -f "$folder/rules.new" ||
    fail "nft does not accept the rules" "read the message of nft above; an old kernel may lack features of nftables"
  # shellcheck disable=SC2086
  load $bibind_ssh_connection
  mv -f "$folder/rules.new" "$kept"
  listing | write_file "$live" 600
  printf '%s\n' "$unit_text" | write_file "$unit" 644
  systemctl daemon-reload 2>/dev/null || true
  systemctl enable bibind-firewall
}

remove() {
  systemctl disable bibind-firewall || true
  rm -f "$unit"
  systemctl daemon-reload 2>/dev/null || true
  nft delete table inet bibind 2>/dev/null || true
  rm -rf "$folder"
  forget_package nftables
}
