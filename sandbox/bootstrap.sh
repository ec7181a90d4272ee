#!/usr/bin/env bash
# Brings Node and the npm packages to a bare Debian machine; everything else is TypeScript's work.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v npm >/dev/null; then
  if [ "$(id -u)" != 0 ]; then
    echo "npm is missing and this is not root: install Node 20 or newer with npm, or run again as root" >&2
    exit 1
  fi
  echo "  … install nodejs and npm from Debian" >&2
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm ca-certificates >/dev/null
fi

echo "  … install the npm packages of package-lock.json" >&2
npm ci --no-audit --no-fund --loglevel=error

if ! node_modules/.bin/node --version >/dev/null 2>&1; then
  echo "npm did not unpack Node 24 (package node): allow its install script and run again" >&2
  exit 1
fi
