#!/usr/bin/env bash
# Installs Node and the npm packages on a bare Debian machine. TypeScript programs do everything else.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v npm >/dev/null; then
  if [ "$(id -u)" != 0 ]; then
    echo "npm is not installed, and only root can install it: run again as root, or install Node 20 or newer with npm" >&2
    exit 1
  fi
  echo "  … install nodejs and npm from Debian" >&2
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm ca-certificates >/dev/null
fi

echo "  … install the npm packages of package-lock.json" >&2
npm ci --no-audit --no-fund --loglevel=error

if ! node_modules/.bin/node --version >/dev/null 2>&1; then
  echo "npm did not install Node 24 (package node): allow the install script of this package, then run again" >&2
  exit 1
fi
