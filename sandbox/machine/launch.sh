#!/bin/sh
# Runs a command in given cgroups, apart from whoever started it: launch.sh LOG CGROUP_FOLDER... -- COMMAND...
# The log is locked as long as the command runs, so that no second one can start on the same machine.
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
