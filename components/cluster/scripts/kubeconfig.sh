# Parameters: address (of this host, as the deployer reaches it).

check() {
  microk8s config >/dev/null
}

apply() {
  fail "MicroK8s does not give its kubeconfig" "run on the host: microk8s status, microk8s inspect"
}

# The kubeconfig contains an address that the host detected. The deployer uses the address at which it reaches SSH.
report() {
  microk8s config | sed "s#^\( *server: https://\)[^:]*:#\1$address:#"
}
