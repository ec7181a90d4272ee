# The common part of every remote step. The step's parameters are assigned above; its functions are defined below.
set -eu
umask 077
export LC_ALL=C DEBIAN_FRONTEND=noninteractive
PATH="${PATH:-/usr/bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin"
# Tests set this to a folder in place of the root of the file system. sshd does not accept it from a client.
root="${BIBIND_ROOT:-}"
state="$root/etc/bibind"
# Remedy of a failure whose cause another program prints.
correct_cause="correct the cause shown above, then run pulumi again"
# Exit status of a step that fails. In check, it differs from the status of a state that must be changed.
refused=70

# note WORDS... shows the progress of the step.
note() {
  echo "bibind: $*" >&2
}

# fail WHAT REMEDY ends the step with one line for the operator.
fail() {
  echo "bibind: $bibind_title: $1 | host $bibind_host | $2" >&2
  exit "$refused"
}

# The files in this folder name what the platform installed. They hold the word that removes it: purge, or remove for a
# package whose configuration files an operator had left on the host.
installed="$state/installed"

# package_state NAME prints installed, config-files, or another state of dpkg; nothing for an unknown package.
package_state() {
  dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null || true
}

has_package() {
  case "$(package_state "$1")" in installed | triggers-*) ;; *) return 1 ;; esac
}

apt() {
  apt-get -o DPkg::Lock::Timeout=300 -qq "$@" >&2
}

# ensure_package NAME installs a Debian package if it is missing, and records that the platform installed it.
ensure_package() {
  ! has_package "$1" || return 0
  note "installing the package $1"
  mkdir -p "$installed"
  # The record is there before the package, because a kill can come at any moment.
  if [ "$(package_state "$1")" = config-files ]; then echo remove; else echo purge; fi >"$installed/$1"
  apt update || note "apt could not update the package lists"
  apt -y --no-install-recommends install "$1" || {
    # If the operator installs it by hand, it is the operator's.
    has_package "$1" || rm -f "$installed/$1"
    fail "the package $1 cannot be installed" \
      "configure a package mirror with this package on the host, or install $1 by hand"
  }
}

# others_need NAME: whether apt would remove other packages together with this one.
others_need() {
  [ "$(apt-get -s remove "$1" | grep -c '^Remv ')" -gt 1 ]
}

# forget_package NAME removes a package if the platform installed it and no other package needs it.
forget_package() {
  [ -e "$installed/$1" ] || return 0
  if has_package "$1" && others_need "$1"; then
    note "the package $1 stays, because other packages need it"
  elif has_package "$1"; then
    apt -y "$(cat "$installed/$1")" "$1"
  fi
  rm -f "$installed/$1"
}

# forget_snapd removes snapd if the platform installed it, and only the parts of snapd itself are left.
forget_snapd() {
  [ -e "$installed/snapd" ] || return 0
  if snap list 2>/dev/null | awk 'NR > 1 && $NF !~ /base|core|snapd/' | grep -q .; then
    note "snapd stays, because other snaps are installed"
    rm -f "$installed/snapd"
  fi
  forget_package snapd
}

# write_file PATH MODE writes standard input to a file, completely or not at all.
write_file() {
  mkdir -p "$(dirname "$1")"
  cat >"$1.bibind-new"
  chmod "$2" "$1.bibind-new"
  mv -f "$1.bibind-new" "$1"
}

# same_file PATH TEXT: whether the file contains exactly this text and a final newline.
same_file() {
  [ -f "$1" ] && printf '%s\n' "$2" | cmp -s - "$1"
}

# One step at a time on a host: a step continues here after its deployer was killed, and its next run must wait.
bibind_lock() {
  mkdir -p "$root/run/lock"
  exec 9>"$root/run/lock/bibind-step"
  flock -n 9 && return 0
  note "waiting until another step on this host ends"
  flock -w 1200 9 ||
    fail "another step has used the host for 20 minutes" \
      "end the process that hangs on the host, then run pulumi up again"
}

# bibind_try FUNCTION runs a function of the step, stops at its first error, and sets $ended to its status.
# The subshell is not part of a condition, because a shell ignores set -e there. It closes the descriptor of the lock,
# because a daemon that the function starts would keep the lock.
bibind_try() {
  set +e
  (
    set -e
    "$1"
  ) 9>&- >&2
  ended=$?
  set -e
  [ "$ended" != "$refused" ] || exit "$refused"
}

# bibind_run apply|remove is the step: it reads the state, acts only on a difference, and checks the result.
bibind_run() {
  [ "$(id -u)" = 0 ] || fail "the step does not run as root" "connect as root, or as a user with sudo"
  bibind_lock
  if [ "$1" = remove ]; then
    note "$bibind_title: removing"
    bibind_try remove
    [ "$ended" = 0 ] || fail "the removal failed (status $ended)" "$correct_cause"
    rmdir "$installed" "$state" 2>/dev/null || true
    return 0
  fi
  bibind_try check
  if [ "$ended" = 0 ]; then
    note "$bibind_title: nothing to do"
  else
    note "$bibind_title"
    bibind_try apply
    [ "$ended" = 0 ] || fail "it failed (status $ended)" "$correct_cause"
    bibind_try check
    [ "$ended" = 0 ] || fail "it ended without an error, but the host does not have the desired state" "$correct_cause"
  fi
  # The report is printed completely or not at all: a part of a secret in an error message is a leak.
  set +e
  reported="$(
    set -e
    report
  )"
  ended=$?
  set -e
  [ "$ended" != "$refused" ] || exit "$refused"
  [ "$ended" = 0 ] || fail "the report failed (status $ended)" "$correct_cause"
  echo "bibind: report"
  [ -z "$reported" ] || printf '%s\n' "$reported"
}

# A step without a report of its own prints the mark of a report only.
report() {
  :
}
