# Parameters: address (of this host).
# Reports the address and the token with which a machine joins. The report is secret.

day=86400

check() {
  microk8s status --format short | grep -qx 'microk8s is running'
}

apply() {
  fail "MicroK8s is not running" "run on the host: microk8s status, microk8s inspect"
}

# A token with a lifetime can be used again after a join that failed. A token without one can be used only once.
report() {
  token="$(microk8s add-node --token-ttl "$day" --format json | sed -n 's/.*"token": *"\([^"]*\)".*/\1/p')"
  [ -n "$token" ] || fail "MicroK8s gave no token" "run on the host: microk8s add-node"
  echo "$address:25000/$token"
}
