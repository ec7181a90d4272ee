# Parameters: channel, address (of this host, as the deployer reaches it).

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

# The certificate of the API server contains the addresses of the host. A DNS name, or an address that another device
# translates, must be configured before MicroK8s makes the certificate.
address_in_certificate() {
  case " $(hostname -I) " in *" $address "*) return 0 ;; esac
  write_file "$launch" 600 <<END
version: 0.2.0
extraSANs:
  - $address
END
}

snap_failed() {
  fail "snap cannot $1 microk8s from the channel $channel" \
    "read the message of snap above; check bibind:foundation.cluster.channel, and that the host reaches the snap store"
}

apply() {
  command -v snap >/dev/null || ensure_package snapd
  case "$(tracking)" in
  "$channel") ;;
  "")
    address_in_certificate
    mkdir -p "$installed"
    echo snap >"$installed/microk8s"
    snap install microk8s --classic --channel="$channel" || {
      [ -n "$(tracking)" ] || rm -f "$installed/microk8s"
      snap_failed install
    }
    ;;
  *) snap refresh microk8s --channel="$channel" || snap_failed refresh ;;
  esac
  note "waiting until Kubernetes is ready, at most 10 minutes"
  running 600 || fail "MicroK8s is not ready after 10 minutes" "run on the host: microk8s inspect"
}

remove() {
  if [ -e "$installed/microk8s" ]; then
    [ -z "$(tracking)" ] || snap remove microk8s --purge
    rm -f "$installed/microk8s"
  elif [ -n "$(tracking)" ]; then
    note "MicroK8s stays, because it was on the host before"
  fi
  forget_snapd
}
