# Parameters: channel, address (by which the deployer reaches this host).

launch="$root/var/snap/microk8s/common/.microk8s.yaml"

tracking() {
  snap list microk8s 2>/dev/null | awk 'NR == 2 { print $4 }'
}

running() {
  microk8s status --format short --wait-ready --timeout "$1" | grep -qx 'microk8s is running'
}

check() {
  [ "$(tracking)" = "$channel" ] && running 30
}

# The API server's certificate names the host's own addresses; a DNS name has to be told before it is made.
name_in_certificate() {
  case "$address" in *[!0-9.]*) ;; *) return 0 ;; esac
  write_file "$launch" 600 <<END
version: 0.2.0
extraSANs:
  - $address
END
}

snap_failed() {
  fail "snap could not $1 microk8s from the channel $channel" \
    "read its message above; see bibind:foundation.cluster.channel, and whether the host reaches the snap store"
}

apply() {
  command -v snap >/dev/null || ensure_package snapd
  case "$(tracking)" in
  "$channel") ;;
  "")
    name_in_certificate
    snap install microk8s --classic --channel="$channel" || snap_failed install
    ;;
  *) snap refresh microk8s --channel="$channel" || snap_failed refresh ;;
  esac
  note "waiting for Kubernetes to answer, 10 minutes at most"
  running 600 || fail "MicroK8s does not become ready" "look at: microk8s inspect"
}

remove() {
  [ -z "$(tracking)" ] || snap remove microk8s --purge
  forget_package snapd
}
