#!/bin/sh
# Runs a command in the given cgroups: launch.sh LOG CGROUP_FOLDER... -- COMMAND...
# The log is locked while the command runs, so the same machine cannot start twice.
set -eu
exec 9>> "$1"
flock --nonblock 9
exec > "$1" 2>&1
shift
while [ "$1" != -- ]; do
  echo $$ > "$1/cgroup.procs"
  shift
done
shift
exec "$@"
