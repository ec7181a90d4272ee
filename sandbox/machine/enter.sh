#!/bin/sh
# The init process of a machine. It runs in its own namespaces, mounts the file systems that systemd expects, and then
# replaces itself with systemd.
#
#   enter.sh ROOT NAME ADDRESS/PREFIX GATEWAY [share SOURCE TARGET]... [cgroup1 OPTIONS FOLDER]... [cgroup2]...
#
# All mounts are in this mount namespace. The computer does not see them, and the kernel removes them after the last
# process has ended.
set -eu
root=$1 name=$2 address=$3 gateway=$4
shift 4

mount --bind "$root" "$root"
cd "$root"
mount -t proc -o nosuid,nodev,noexec proc proc
mount -t sysfs -o nosuid,nodev,noexec sysfs sys
mount -t tmpfs -o mode=755,nosuid,nodev tmpfs run

mount -t tmpfs -o mode=755,nosuid tmpfs dev
mkdir dev/net dev/pts dev/shm
device() { mknod -m "$2" "dev/$1" c "$3" "$4"; }
device null 666 1 3
device zero 666 1 5
device full 666 1 7
device random 666 1 8
device urandom 666 1 9
device kmsg 600 1 11 # kubelet watches it for out-of-memory kills
device tty 666 5 0
device fuse 666 10 229
device net/tun 666 10 200
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
mount -t tmpfs -o nosuid,nodev tmpfs dev/shm

if [ -d /lib/modules ]; then
  mkdir -p usr/lib/modules
  mount --bind /lib/modules usr/lib/modules
  mount -o remount,bind,ro usr/lib/modules
fi

legacy=
unified=/sys/fs/cgroup
while [ $# -gt 0 ]; do
  case $1 in
    share)
      mkdir -p ".$3"
      mount --bind "$2" ".$3"
      mount -o remount,bind,ro ".$3"
      shift 3
      ;;
    cgroup1)
      if [ -z "$legacy" ]; then
        legacy=yes unified=/sys/fs/cgroup/unified
        mount -t tmpfs -o mode=755,nosuid,nodev,noexec tmpfs sys/fs/cgroup
      fi
      mkdir "sys/fs/cgroup/$3"
      mount -t cgroup -o "$2" cgroup "sys/fs/cgroup/$3"
      case $3 in
        *,*) for alias in $(echo "$3" | tr , ' '); do ln -s "$3" "sys/fs/cgroup/$alias"; done ;;
      esac
      shift 3
      ;;
    cgroup2)
      mkdir -p ".$unified"
      mount -t cgroup2 cgroup2 ".$unified"
      shift 1
      ;;
    *)
      echo "enter.sh: unknown argument $1" >&2
      exit 64
      ;;
  esac
done

# The machine shares the kernel settings of the computer, except those of the network. They are read-only here. The
# kubelet must write a few of them: for these, the machine gets its own files.
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount --bind proc/sys/net proc/sys/net
mount -o remount,bind,rw proc/sys/net
mkdir -p run/kernel-settings
for setting in vm/overcommit_memory vm/panic_on_oom kernel/panic kernel/panic_on_oops \
  kernel/keys/root_maxkeys kernel/keys/root_maxbytes; do
  if [ -e "proc/sys/$setting" ]; then
    own=run/kernel-settings/$(echo "$setting" | tr / .)
    cat "proc/sys/$setting" > "$own"
    mount --bind "$own" "proc/sys/$setting"
  fi
done

mkdir run/old-root
pivot_root . run/old-root
cd /
PATH=/usr/sbin:/usr/bin:/sbin:/bin
umount -l /run/old-root
rmdir /run/old-root

# The process that starts the machine also creates its network interface. The services need it at boot.
waited=0
until [ -e /sys/class/net/eth0 ]; do
  waited=$((waited + 1))
  if [ $waited -gt 600 ]; then
    echo "enter.sh: the network interface eth0 did not appear within 60 seconds" >&2
    exit 1
  fi
  sleep 0.1
done
hostname "$name"
ip link set lo up
ip address add "$address" dev eth0
ip link set eth0 up
ip route add default via "$gateway"

if [ -n "$legacy" ]; then
  set -- systemd.unified_cgroup_hierarchy=0 SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1
fi
exec env -i container=bibind LANG=C.UTF-8 PATH="$PATH" /usr/lib/systemd/systemd "$@"
