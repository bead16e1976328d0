#!/bin/sh
# Brings the package manager that the lockfile is of: $PACKAGE_MANAGER_PACKAGE, e.g. pnpm@12.21.0. Empty: npm, as it is here.
# In a folder of its own: some base images bring a yarn, others a corepack that stands in for both.
set -eu
[ -n "$PACKAGE_MANAGER_PACKAGE" ] || exit 0
export npm_config_cache=/caches/npm
npm install --global --prefix /opt/manager --no-fund --no-audit "$PACKAGE_MANAGER_PACKAGE"
