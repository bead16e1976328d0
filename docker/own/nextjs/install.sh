#!/bin/sh
# Installs the dependencies exactly as the lockfile says; without one, as the registry has them today.
# Those for development too: TypeScript, Tailwind and the like are needed by the build. The image gets what Next traces.
set -eu
case $PACKAGE_MANAGER in
npm)
  export npm_config_cache=/caches/npm
  if [ -f package-lock.json ] || [ -f npm-shrinkwrap.json ]; then command=ci; else command=install; fi
  npm "$command" --no-fund --no-audit
  ;;
pnpm)
  # Which packages may run scripts is said in the application's settings; the others' are left out, as on its own machine.
  if [ -f pnpm-lock.yaml ]; then set -- --frozen-lockfile; fi
  pnpm install "$@" --store-dir=/caches/pnpm/store \
    --config.cache-dir=/caches/pnpm/cache --config.strict-dep-builds=false
  ;;
yarn-classic)
  if [ -f yarn.lock ]; then set -- --frozen-lockfile; fi
  yarn install "$@" --non-interactive --cache-folder /caches/yarn-classic
  ;;
yarn)
  # Next's own list of files for the server knows node_modules alone.
  export YARN_NODE_LINKER=node-modules YARN_ENABLE_GLOBAL_CACHE=1 YARN_GLOBAL_FOLDER=/caches/yarn
  export YARN_IGNORE_PATH=1 YARN_ENABLE_TELEMETRY=0
  if [ -f yarn.lock ]; then set -- --immutable; fi
  yarn install "$@"
  ;;
esac
