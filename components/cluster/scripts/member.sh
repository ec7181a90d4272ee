# Parameters: node (name and addresses of the machine that joined). Runs on the first machine.

# Prints NAME READY of the node with one of the addresses.
ready_node() {
  microk8s kubectl get nodes -o 'jsonpath={range .items[*]}{.metadata.name}{" "}{.status.addresses[?(@.type=="InternalIP")].address}{" "}{.status.conditions[?(@.type=="Ready")].status}{"\n"}{end}' |
    awk -v known=" ${node#* } " 'index(known, " " $2 " ") { print $1, $NF }'
}

check() {
  case "$(ready_node)" in *" True") ;; *) return 1 ;; esac
}

apply() {
  note "waiting until the node ${node%% *} is ready, at most 5 minutes"
  tries=0
  until check; do
    tries=$((tries + 1))
    [ "$tries" -lt 60 ] ||
      fail "the node ${node%% *} is not ready after 5 minutes" "run on the host: microk8s kubectl describe nodes"
    sleep 5
  done
}

remove() {
  name="$(ready_node)"
  [ -z "$name" ] || microk8s remove-node "${name%% *}" --force
}
