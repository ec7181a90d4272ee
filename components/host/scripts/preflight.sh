# Parameters: settings, min_cpus, min_memory_gib, min_disk_gib, clock_not_before (seconds since 1970).

os_field() {
  sed -n "s/^$1=\"\{0,1\}\([^\"]*\)\"\{0,1\}\$/\1/p" "$root/etc/os-release"
}

# Once MicroK8s lives here its own volumes fill the disk, so then the whole file system counts, not what is free.
disk_gib() {
  column=4
  [ ! -d "$root/var/snap/microk8s" ] || column=2
  df -Pk "$root/var" | awk -v column="$column" 'NR == 2 { print int($column / 1048576) }'
}

# The deployer's own time cannot be compared: it would make the script another one on every run. A time service that
# says it is synchronised proves the same; a host without one has at least not fallen behind the platform's code.
clock() {
  [ "$(date +%s)" -ge "$clock_not_before" ] || return 1
  synchronised="$(timedatectl show -p NTPSynchronized --value 2>/dev/null)" || synchronised=
  case "$synchronised" in
  yes) echo synchronised ;;
  no) return 1 ;;
  *) echo plausible ;;
  esac
}

# A machine that has just been started needs a moment to reach its time servers.
settled_clock() {
  tries=0
  until clock; do
    tries=$((tries + 1))
    [ "$tries" -lt 10 ] || return 1
    sleep 3
  done
}

gather() {
  os="$(os_field ID) $(os_field VERSION_ID)"
  cpus="$(grep -c '^processor' "$root/proc/cpuinfo" || true)"
  memory_gib="$(awk '/^MemTotal:/ { print int(($2 + 1048575) / 1048576) }' "$root/proc/meminfo")"
  disk_gib="$(disk_gib)"
  virtualisation="$(grep -owm1 -e vmx -e svm "$root/proc/cpuinfo" | head -n 1)"
  clock_state="$(settled_clock)" || clock_state=wrong
}

# problem WHAT SETTING REMEDY notes one failure; all are told together.
problem() {
  problems="$problems
bibind: $1 | $settings$2 | $3"
}

at_least() {
  [ "$2" -ge "$3" ] || problem "the host has $2 $1 and $3 are asked for" "$4" "take a larger host or lower the setting"
}

examine() {
  problems=
  gather
  case "$os" in
  "debian 12" | "debian 13" | "ubuntu 22.04" | "ubuntu 24.04") ;;
  *) problem "the host runs $os" ".address" "install Debian 12 or 13, or Ubuntu 22.04 or 24.04 on it" ;;
  esac
  at_least "processors" "$cpus" "$min_cpus" .minimum.cpus
  at_least "GiB of memory" "$memory_gib" "$min_memory_gib" .minimum.memoryGiB
  at_least "GiB of disk below /var" "$disk_gib" "$min_disk_gib" .minimum.diskGiB
  [ "$clock_state" != wrong ] || problem "the host's clock is not synchronised ($(date -u '+%F %T') UTC)" ".address" \
    "start a time service on it: systemctl enable --now systemd-timesyncd, or chrony"
}

check() {
  examine
  [ -z "$problems" ]
}

apply() {
  examine
  [ -z "$problems" ] || echo "$problems" | sed 1d >&2
  fail "it is not fit for the platform" "mend every line above, then run again"
}

report() {
  gather
  [ -n "$virtualisation" ] || note "warning: no virtualisation extension (vmx, svm): this host cannot run virtual machines"
  cat <<END
os=$os
cpus=$cpus
memoryGiB=$memory_gib
diskGiB=$disk_gib
virtualisation=${virtualisation:-none}
clock=$clock_state
END
}
