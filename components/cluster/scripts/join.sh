# Parameters: channel, address (of this host), first (address of the first machine). Input: where and how to join.

launch="$root/var/snap/microk8s/common/.microk8s.yaml"

tracking() {
  snap list microk8s 2>/dev/null | awk 'NR == 2 { print $4 }'
}

joined() {
  microk8s kubectl get nodes -o 'jsonpath={.items[*].status.addresses[?(@.type=="InternalIP")].address}' 2>/dev/null |
    tr ' ' '\n' | grep -qxF "$first"
}

check() {
  [ "$(tracking)" = "$channel" ] && joined
}

wait_joined() {
  note "waiting until this host is a part of the cluster, 10 minutes at most"
  tries=0
  until joined; do
    tries=$((tries + 1))
    [ "$tries" -lt 120 ] || return 1
    sleep 5
  done
}

# `microk8s join` takes the token as an argument, for everybody to see in the process list. The launch configuration
# does the same from a file, while the snap is being installed.
join_while_installing() {
  write_file "$launch" 600 <<END
version: 0.2.0
join:
  url: $input
END
  snap install microk8s --classic --channel="$channel" ||
    fail "snap could not install microk8s from the channel $channel" "read its message above"
}

apply() {
  command -v snap >/dev/null || ensure_package snapd
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
