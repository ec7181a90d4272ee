# Parameters: address (of this host). Reports where and with which token a machine can join: a secret.

day=86400

check() {
  microk8s status --format short | grep -qx 'microk8s is running'
}

apply() {
  fail "MicroK8s is not running" "look at: microk8s status, microk8s inspect"
}

# A token with a lifetime survives a join that fails half-way; one without is used up by it.
report() {
  token="$(microk8s add-node --token-ttl "$day" --format json | sed -n 's/.*"token": *"\([^"]*\)".*/\1/p')"
  [ -n "$token" ] || fail "MicroK8s gave no token" "look at: microk8s add-node"
  echo "$address:25000/$token"
}
