# Parameters: channel, first (the first machine, for messages), role (control-plane or worker).
# Input: address of the first machine in the cluster, port, and token of the invitation.

launch="$root/var/snap/microk8s/common/.microk8s.yaml"
data="$root/var/snap/microk8s/current"
first_address="${input%%:*}"

tracking() {
  snap list microk8s 2>/dev/null | awk 'NR == 2 { print $4 }'
}

# MicroK8s creates this file on a node without an API server. `microk8s kubectl` does not work on such a node.
is_worker() {
  [ -e "$data/var/lock/clustered.lock" ]
}

# Whether the kubelet of a worker uses the first machine, directly or through a proxy on this host.
works_for_first() {
  grep -qsFw "$first_address:16443" "$data/credentials/kubelet.config" "$data/args/traefik/provider.yaml"
}

# Whether the first machine is in the list of nodes, which a control plane can read.
holds_first() {
  microk8s kubectl get nodes -o 'jsonpath={.items[*].status.addresses[?(@.type=="InternalIP")].address}' 2>/dev/null |
    tr ' ' '\n' | grep -qxF "$first_address"
}

# The role of this host in the cluster of the first machine; empty if it does not belong to the cluster.
role_here() {
  if is_worker; then
    if works_for_first; then echo worker; fi
  elif holds_first; then
    echo control-plane
  fi
}

check() {
  [ "$(tracking)" = "$channel" ] && [ "$(role_here)" = "$role" ]
}

refuse_another_role() {
  now="$(role_here)"
  case "$now" in
  "" | "$role") ;;
  *) fail "this host has the role $now in the cluster, and the settings give it the role $role" \
    "remove it from bibind:foundation.cluster.nodes, run pulumi up, then add it again" ;;
  esac
}

# Waiting for a machine that is not joining would be in vain. The launch configuration is left of a join that was killed.
refuse_foreign_cluster() {
  [ -e "$launch" ] || [ "$(role_here)" = "$role" ] ||
    fail "MicroK8s is installed on this host, and does not belong to the cluster of $first" \
      "if nothing on it is needed, run on the host: snap remove microk8s --purge; then run pulumi up again"
}

# A packet filter drops packets, so that a connection never ends.
refuse_blocked_ports() {
  for port in 25000 16443; do
    ended=0
    timeout 10 bash -c ': <"/dev/tcp/$0/$1"' "$first_address" "$port" 2>/dev/null || ended=$?
    [ "$ended" != 124 ] || fail "this host does not reach TCP port $port of $first at $first_address" \
      "add the network of this host to hardening.firewall.trustedNetworks of the first machine, and open it in every \
firewall between them"
  done
}

wait_joined() {
  note "waiting until this host belongs to the cluster, at most 10 minutes"
  tries=0
  until [ "$(role_here)" = "$role" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 120 ] || return 1
    sleep 5
  done
}

# `microk8s join` takes the token as an argument, which every user sees in the process list. The launch configuration is
# a file, from which the snap joins during its installation.
join_while_installing() {
  worker=false
  [ "$role" != worker ] || worker=true
  write_file "$launch" 600 <<END
version: 0.2.0
join:
  url: $input
  worker: $worker
END
  mkdir -p "$installed"
  echo snap >"$installed/microk8s"
  snap install microk8s --classic --channel="$channel" || {
    rm -f "$launch"
    [ -n "$(tracking)" ] || rm -f "$installed/microk8s"
    fail "snap cannot install microk8s from the channel $channel" "read the message of snap above"
  }
}

apply() {
  command -v snap >/dev/null || ensure_package snapd
  refuse_another_role
  case "$(tracking)" in
  "")
    refuse_blocked_ports
    join_while_installing
    ;;
  "$channel") refuse_foreign_cluster ;;
  *)
    refuse_foreign_cluster
    snap refresh microk8s --channel="$channel"
    ;;
  esac
  wait_joined || fail "this host does not join the cluster of $first" \
    "read on this host: journalctl -u 'snap.microk8s.*'; if the invitation is older than a day, run snap remove microk8s \
--purge on this host, then pulumi up --replace with the step whose name ends in -invite"
  rm -f "$launch"
}

remove() {
  rm -f "$launch"
  [ -n "$(tracking)" ] || return 0
  microk8s leave || note "this host could not leave the cluster; the first machine removes it nevertheless"
  if [ -e "$installed/microk8s" ]; then
    snap remove microk8s --purge
    rm -f "$installed/microk8s"
  fi
  forget_snapd
}
