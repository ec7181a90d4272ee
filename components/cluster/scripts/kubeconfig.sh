# Parameters: address (of this host, as the deployer reaches it).

certificate="$root/var/snap/microk8s/current/certs/server.crt"

# Whether the deployer can verify the API server at the address. Without openssl on the host, the deployer finds out.
names_address() {
  command -v openssl >/dev/null || return 0
  case "$address" in *[!0-9.]*) kind=-checkhost ;; *) kind=-checkip ;; esac
  openssl x509 -in "$certificate" -noout "$kind" "$address" | grep -q 'does match'
}

check() {
  microk8s config >/dev/null && names_address
}

apply() {
  microk8s config >/dev/null ||
    fail "MicroK8s does not give its kubeconfig" "run on the host: microk8s status, microk8s inspect"
  fail "the certificate of the API server does not contain the address $address" \
    "add it below [ alt_names ] in /var/snap/microk8s/current/certs/csr.conf.template on the host, then run there: \
microk8s refresh-certs --cert server.crt"
}

# The kubeconfig contains an address that the host detected. The deployer uses the address at which it reaches SSH.
report() {
  microk8s config | sed "s#^\( *server: https://\)[^:]*:#\1$address:#"
}
