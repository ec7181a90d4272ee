#!/bin/sh
# Runs a command in given cgroups: launch.sh CGROUP_FOLDER... -- COMMAND...
set -eu
while [ "$1" != -- ]; do
  echo $$ > "$1/cgroup.procs"
  shift
done
shift
exec "$@"
