# Parameters: settings, min_cpus, min_memory_gib, min_disk_gib, clock_not_before (seconds since 1970).

os_field() {
  sed -n "s/^$1=\"\{0,1\}\([^\"]*\)\"\{0,1\}\$/\1/p" "$root/etc/os-release"
}

# After the installation, volumes of MicroK8s use the disk. Then the size of the file system counts, not its free space.
disk_gib() {
  column=4
  [ ! -d "$root/var/snap/microk8s" ] || column=2
  df -Pk "$root/var" | awk -v column="$column" 'NR == 2 { print int($column / 1048576) }'
}

# The script does not contain the deployer's time, because it would then change at every run. A time service reports
# whether the clock is synchronised. Without a time service, the clock must at least be later than the platform's code.
clock() {
  [ "$(date +%s)" -ge "$clock_not_before" ] || return 1
  synchronised="$(timedatectl show -p NTPSynchronized --value 2>/dev/null)" || synchronised=
  case "$synchronised" in
  yes) echo synchronised ;;
  no) return 1 ;;
  *) echo plausible ;;
  esac
}

# A machine that has just started needs a moment to reach its time servers.
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

# problem WHAT SETTING REMEDY records one failure. They are reported together.
problem() {
  problems="$problems
bibind: $1 | $settings$2 | $3"
}

at_least() {
  [ "$2" -ge "$3" ] ||
    problem "the host has $2 $1, and the minimum is $3" "$4" "use a larger host or lower the setting"
}

examine() {
  problems=
  gather
  case "$os" in
  "debian 12" | "debian 13" | "ubuntu 22.04" | "ubuntu 24.04") ;;
  *) problem "the host runs $os" ".address" "install Debian 12 or 13, or Ubuntu 22.04 or 24.04" ;;
  esac
  at_least "processors" "$cpus" "$min_cpus" .minimum.cpus
  at_least "GiB of memory" "$memory_gib" "$min_memory_gib" .minimum.memoryGiB
  at_least "GiB of disk below /var" "$disk_gib" "$min_disk_gib" .minimum.diskGiB
  [ "$clock_state" != wrong ] || problem "the host's clock is not synchronised ($(date -u '+%F %T') UTC)" ".address" \
    "start a time service on the host: systemctl enable --now systemd-timesyncd, or chrony"
}

check() {
  examine
  [ -z "$problems" ]
}

apply() {
  examine
  [ -z "$problems" ] || echo "$problems" | sed 1d >&2
  fail "the host does not meet the requirements" "correct each line above, then run pulumi up again"
}

report() {
  gather
  [ -n "$virtualisation" ] ||
    note "warning: the processor has no virtualisation extension (vmx, svm); this host cannot run virtual machines"
  cat <<END
os=$os
cpus=$cpus
memoryGiB=$memory_gib
diskGiB=$disk_gib
virtualisation=${virtualisation:-none}
clock=$clock_state
END
}
