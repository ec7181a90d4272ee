# Parameters: address (by which the deployer reaches this host).

check() {
  microk8s config >/dev/null
}

apply() {
  fail "MicroK8s does not give its kubeconfig" "look at: microk8s status, microk8s inspect"
}

# The deployer reaches the API server where it reaches SSH; the file names the address that the host thinks it has.
report() {
  microk8s config | sed "s#^\( *server: https://\)[^:]*:#\1$address:#"
}
