# Parameters: addon, argument (may be empty).

# MicroK8s does not show the argument with which an addon was enabled.
mark="$root/var/snap/microk8s/common/bibind/addon-$addon"

enabled() {
  [ "$(microk8s status --addon "$addon")" = enabled ]
}

check() {
  enabled || return 1
  # An addon that somebody else enabled is adopted, unless the step has an argument.
  [ "$(cat "$mark" 2>/dev/null)" = "$argument" ]
}

apply() {
  if enabled && [ "$(cat "$mark" 2>/dev/null)" != "$argument" ]; then
    microk8s disable "$addon"
  fi
  mkdir -p "$(dirname "$mark")"
  microk8s enable "$addon${argument:+:$argument}" ||
    fail "MicroK8s cannot enable the addon $addon" \
      "read the message of MicroK8s above; see bibind:foundation.cluster.addons"
  printf '%s\n' "$argument" >"$mark"
  # Some addons restart the API server.
  microk8s status --wait-ready --timeout 300 >/dev/null
}

# An addon that somebody else enabled stays. The mark says that the platform enabled it.
remove() {
  [ -e "$mark" ] || return 0
  if command -v microk8s >/dev/null && enabled; then
    microk8s disable "$addon"
  fi
  rm -f "$mark"
}
