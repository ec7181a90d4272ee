# Parameters: channel, address (of this host), first (address of the first machine), role (control-plane or worker).
# Input: address and token of the invitation.

launch="$root/var/snap/microk8s/common/.microk8s.yaml"
data="$root/var/snap/microk8s/current"

tracking() {
  snap list microk8s 2>/dev/null | awk 'NR == 2 { print $4 }'
}

# MicroK8s creates this file on a node without an API server. `microk8s kubectl` does not work on such a node.
is_worker() {
  [ -e "$data/var/lock/clustered.lock" ]
}

# Whether the kubelet of a worker uses the first machine, directly or through a proxy on this host.
works_for_first() {
  grep -qsFw "$first:16443" "$data/credentials/kubelet.config" "$data/args/traefik/provider.yaml"
}

# Whether the first machine is in the list of nodes, which a control plane can read.
holds_first() {
  microk8s kubectl get nodes -o 'jsonpath={.items[*].status.addresses[?(@.type=="InternalIP")].address}' 2>/dev/null |
    tr ' ' '\n' | grep -qxF "$first"
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
  snap install microk8s --classic --channel="$channel" || {
    rm -f "$launch"
    fail "snap cannot install microk8s from the channel $channel" "read the message of snap above"
  }
}

apply() {
  command -v snap >/dev/null || ensure_package snapd
  refuse_another_role
  case "$(tracking)" in
  "") join_while_installing ;;
  "$channel") ;;
  *) snap refresh microk8s --channel="$channel" ;;
  esac
  wait_joined || fail "this host does not join the cluster of $first" \
    "open TCP 25000 and 16443 on $first to this host; if the invitation is older than a day, run snap remove microk8s \
--purge on this host, then pulumi up --replace with the step whose name ends in -invite"
  rm -f "$launch"
}

remove() {
  rm -f "$launch"
  [ -n "$(tracking)" ] || return 0
  microk8s leave || note "this host could not leave the cluster; the first machine removes it nevertheless"
  snap remove microk8s --purge
  forget_package snapd
}
