# Parameters: channel, address (of this host), first (address of the first machine), role (control-plane or worker).
# Input: where and how to join.

launch="$root/var/snap/microk8s/common/.microk8s.yaml"
data="$root/var/snap/microk8s/current"

tracking() {
  snap list microk8s 2>/dev/null | awk 'NR == 2 { print $4 }'
}

# MicroK8s' own mark of a node without an API server; `microk8s kubectl` refuses there.
is_worker() {
  [ -e "$data/var/lock/clustered.lock" ]
}

# What a worker's kubelet asks: the first machine itself, or a proxy here that knows the first machine.
works_for_first() {
  grep -qsFw "$first:16443" "$data/credentials/kubelet.config" "$data/args/traefik/provider.yaml"
}

# A control plane has the cluster's own list of nodes.
holds_first() {
  microk8s kubectl get nodes -o 'jsonpath={.items[*].status.addresses[?(@.type=="InternalIP")].address}' 2>/dev/null |
    tr ' ' '\n' | grep -qxF "$first"
}

# The part that this host has in the cluster of the first machine; empty when it has none.
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
  *) fail "this host is in the cluster as $now, and as $role it is asked for" \
    "take it out of bibind:foundation.cluster.nodes, run pulumi up, then put it in again" ;;
  esac
}

wait_joined() {
  note "waiting until this host is a part of the cluster, 10 minutes at most"
  tries=0
  until [ "$(role_here)" = "$role" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 120 ] || return 1
    sleep 5
  done
}

# `microk8s join` takes the token as an argument, for everybody to see in the process list. The launch configuration
# does the same from a file, while the snap is being installed.
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
    fail "snap could not install microk8s from the channel $channel" "read its message above"
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
    "let it reach TCP 25000 and 16443 there; an invitation is a day old at most: remove MicroK8s here with snap remove \
microk8s --purge, then pulumi up --replace the step that ends in -invite"
  rm -f "$launch"
}

remove() {
  rm -f "$launch"
  [ -n "$(tracking)" ] || return 0
  microk8s leave || note "this host could not leave the cluster in order; the first machine forgets it all the same"
  snap remove microk8s --purge
  forget_package snapd
}
