# What every remote step runs on. The step's parameters are assigned above, its functions defined below.
set -eu
umask 077
export LC_ALL=C DEBIAN_FRONTEND=noninteractive
PATH="${PATH:-/usr/bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin"
# Tests point this at a folder that plays the root of the file system; sshd never passes it on.
root="${BIBIND_ROOT:-}"
state="$root/etc/bibind"
# The status of every step that fails; in check it is told apart from "not as wanted".
refused=70

# note WORDS... tells the operator how the step goes on.
note() {
  echo "bibind: $*" >&2
}

# fail WHAT REMEDY ends the step with the one line that the operator has to read.
fail() {
  echo "bibind: $bibind_title: $1 | host $bibind_host | $2" >&2
  exit "$refused"
}

# ensure_package NAME installs a Debian package unless it is there, and remembers that it was us.
ensure_package() {
  case "$(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null)" in ii*) return 0 ;; esac
  note "installing the package $1"
  mkdir -p "$state/installed"
  : >"$state/installed/$1"
  apt-get -o DPkg::Lock::Timeout=300 -qq update >&2 || note "the package lists could not be refreshed"
  apt-get -o DPkg::Lock::Timeout=300 -qq -y --no-install-recommends install "$1" >&2 ||
    fail "the package $1 cannot be installed" "give the host a package mirror that has it, or install $1 by hand"
}

# forget_package NAME takes a package away again when it was us who installed it.
forget_package() {
  [ -e "$state/installed/$1" ] || return 0
  apt-get -o DPkg::Lock::Timeout=300 -qq -y purge "$1" >&2
  rm -f "$state/installed/$1"
}

# write_file PATH MODE puts standard input into a file, whole or not at all.
write_file() {
  mkdir -p "$(dirname "$1")"
  cat >"$1.bibind-new"
  chmod "$2" "$1.bibind-new"
  mv -f "$1.bibind-new" "$1"
}

# same_file PATH TEXT tells whether the file holds exactly this text and a final newline.
same_file() {
  [ -f "$1" ] && printf '%s\n' "$2" | cmp -s - "$1"
}

# One step at a time on a host: a step whose deployer was killed goes on here, and its next run must not meet it.
bibind_lock() {
  mkdir -p "$root/run/lock"
  exec 9>"$root/run/lock/bibind-step"
  flock -n 9 && return 0
  note "waiting for another step on this host to end"
  flock -w 1200 9 || fail "another step holds the host for 20 minutes" "look for a hanging process there, then run again"
}

# bibind_try FUNCTION runs one of the step's functions, stopping at its first error, and leaves its status in $ended.
# The subshell stands alone because a shell ignores set -e inside a condition, and without the lock's descriptor because
# a daemon that the function starts would keep it.
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

# bibind_run apply|remove is the step: see the state, act only on a difference, see that it is gone.
bibind_run() {
  [ "$(id -u)" = 0 ] || fail "the step does not run as root" "sign in as root, or as a user with sudo"
  bibind_lock
  if [ "$1" = remove ]; then
    note "$bibind_title: taking it back"
    bibind_try remove
    [ "$ended" = 0 ] || fail "taking it back failed (status $ended)" "mend what the lines above tell and run again"
    rmdir "$state/installed" "$state" 2>/dev/null || true
    return 0
  fi
  bibind_try check
  if [ "$ended" = 0 ]; then
    note "$bibind_title: already as wanted"
  else
    note "$bibind_title"
    bibind_try apply
    [ "$ended" = 0 ] || fail "it failed (status $ended)" "mend what the lines above tell and run again"
    bibind_try check
    [ "$ended" = 0 ] || fail "it ran, yet the host is not as wanted" "mend what the lines above tell and run again"
  fi
  # Printed whole or not at all: half a secret in an error message is a leak.
  set +e
  reported="$(
    set -e
    report
  )"
  ended=$?
  set -e
  [ "$ended" != "$refused" ] || exit "$refused"
  [ "$ended" = 0 ] || fail "reading the result failed (status $ended)" "mend what the lines above tell and run again"
  [ -z "$reported" ] || printf '%s\n' "$reported"
}

# A step without a result prints none.
report() {
  :
}
