# Parameters: configuration (admission configuration of the API server).

snap="$root/var/snap/microk8s"
file=admission-control-config-file.yaml
kept="$snap/current/args/$file"
arguments="$snap/current/args/kube-apiserver"
flag="--admission-control-config-file"
line="$flag=\${SNAP_DATA}/args/$file"

# What the running API server has read.
mark="$snap/common/bibind/pod-security"

check() {
  same_file "$kept" "$configuration" && grep -qxF -e "$line" "$arguments" && same_file "$mark" "$configuration"
}

# An API server reads one such file.
refuse_another() {
  ! grep -e "^$flag=" "$arguments" | grep -qvxF -e "$line" ||
    fail "the API server has an admission configuration that is not the platform's" \
      "remove the line with $flag from /var/snap/microk8s/current/args/kube-apiserver on the host"
}

# MicroK8s runs the API server in one service with other programs (kubelite).
restart() {
  snap restart "$(snap services microk8s | awk '$1 ~ /[.]daemon-(kubelite|apiserver)$/ { print $1; exit }')"
  microk8s status --format short --wait-ready --timeout "$1" | grep -qx 'microk8s is running'
}

without_flag() {
  sed -i "/^$flag=/d" "$arguments"
}

apply() {
  refuse_another
  printf '%s\n' "$configuration" | write_file "$kept" 600
  without_flag
  printf '%s\n' "$line" >>"$arguments"
  restart 300 || {
    without_flag
    restart 300 || true
    fail "the API server does not start with Pod Security" "run on the host: microk8s inspect"
  }
  printf '%s\n' "$configuration" | write_file "$mark" 600
}

remove() {
  rm -f "$mark"
  [ -e "$arguments" ] || return 0
  without_flag
  rm -f "$kept"
  restart 300
}
