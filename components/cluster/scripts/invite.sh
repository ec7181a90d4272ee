# Parameters: node (name and addresses of the machine that joins).
# Reports the address and the token with which the machine joins. The report is secret.

day=86400

running() {
  microk8s status --format short | grep -qx 'microk8s is running'
}

# Whether this host finds one of the machine's addresses under its name. MicroK8s refuses the machine otherwise.
finds_node() {
  for found in $(getent ahostsv4 "${node%% *}" | awk '{ print $1 }'); do
    case " ${node#* } " in *" $found "*) return 0 ;; esac
  done
  return 1
}

check() {
  running && finds_node
}

apply() {
  running || fail "MicroK8s is not running" "run on the host: microk8s status, microk8s inspect"
  # shellcheck disable=SC2086
  set -- $node
  fail "the host does not find the machine $1 under its name, so MicroK8s would refuse it" \
    "add this line to /etc/hosts on the host: ${2:-ADDRESS} $1"
}

# The address of this host in the cluster. MicroK8s accepts no DNS name in an invitation, and in the cluster nobody knows an
# address that another device translates.
own_address() {
  microk8s kubectl get nodes -o 'jsonpath={.items[*].status.addresses[?(@.type=="InternalIP")].address}' |
    tr ' ' '\n' | grep -xF "$(hostname -I | tr ' ' '\n' | grep .)" | head -n 1
}

# A token with a lifetime can be used again after a join that failed. A token without one can be used only once.
report() {
  address="$(own_address)"
  [ -n "$address" ] || fail "MicroK8s does not know this host by one of its addresses" \
    "run on the host: microk8s kubectl get nodes -o wide"
  token="$(microk8s add-node --token-ttl "$day" --format json | sed -n 's/.*"token": *"\([^"]*\)".*/\1/p')"
  [ -n "$token" ] || fail "MicroK8s gave no token" "run on the host: microk8s add-node"
  echo "$address:25000/$token"
}
