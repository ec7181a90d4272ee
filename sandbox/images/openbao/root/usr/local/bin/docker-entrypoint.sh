#!/bin/sh
# Starts a command as the published image does for a user who is not root.
ulimit -c 0
exec "$@"
