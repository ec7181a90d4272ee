# Parameters: settings, rules (the table inet bibind, for nft -f).
# Only this table is ours: the tables of kube-proxy and of the CNI stay as they are.

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
  # The kernel's own listing, so that a rule changed by hand is a difference.
  same_file "$live" "$(listing)"
}

# Whether a further connection of the deployer would be let in: its port is open, or its network trusted.
deployer_may_return() {
  nft get element inet bibind open_tcp_ports "{ $4 }" >/dev/null 2>&1 ||
    nft get element inet bibind trusted_ipv4 "{ $1 }" >/dev/null 2>&1
}

# Bytes of this SSH connection that the deployer has not acknowledged; nothing when the connection is not seen.
unacknowledged() {
  ss -Htn state established "( sport = :$4 and dport = :$2 )" | awk '{ print $2 }' | head -n 1
}

# Whether the packets of our own connection still get through, in both directions.
connection_lives() {
  note "the packet filter is loaded, waiting for a sign of the deployer"
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

# Puts back the rules from before after 30 seconds, should this shell no longer be able to.
watch_over() {
  setsid sh -c "sleep 30; $restore" </dev/null >/dev/null 2>&1 &
  guard=$!
}

# take_back WHAT leaves the host with the rules from before.
take_back() {
  $restore
  kill -- "-$guard" 2>/dev/null || true
  fail "$1; the rules from before are back" \
    "add the SSH port to $settings.hardening.firewall.allowedTcpPorts, or your own network to trustedNetworks"
}

# load CLIENT PORT SERVER PORT, as SSH_CONNECTION has them; nothing when the step does not run over SSH.
load() {
  seen=
  [ $# -ne 4 ] || seen="$(unacknowledged "$@")"
  watch_over
  nft -f "$folder/rules.new" || fail "nft cannot load the rules" "read its message above; nothing was changed"
  if [ $# -eq 4 ]; then
    deployer_may_return "$@" || take_back "the rules would let no further connection of the deployer in"
    # Where our connection cannot be seen, behind an address translation, there is nothing to wait for.
    [ -z "$seen" ] || connection_lives "$@" || take_back "the rules cut the deployer's connection"
  fi
  kill -- "-$guard" 2>/dev/null || true
}

apply() {
  ensure_package nftables
  mkdir -p "$folder"
  printf '%s\n' "$rules" | write_file "$folder/rules.new" 600
  nft -c -f "$folder/rules.new" ||
    fail "nft does not accept the rules" "read its message above; an old kernel may lack a part of nftables"
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
