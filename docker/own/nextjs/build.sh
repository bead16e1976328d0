#!/bin/sh
# Builds the application in the working directory: $1 is `standalone` or `export`, whatever its own configuration says.
set -eu
export NEXT_TELEMETRY_DISABLED=1 CI=1 IMAGE_OUTPUT="$1" IMAGE_BUILD_ID="$CONTENT_HASH"
# The package manager that is here runs the scripts: none is fetched in its place, and nothing is installed once more.
export pnpm_config_pm_on_fail=ignore pnpm_config_verify_deps_before_run=false
export YARN_NODE_LINKER=node-modules YARN_IGNORE_PATH=1 YARN_ENABLE_TELEMETRY=0 YARN_GLOBAL_FOLDER=/tmp/yarn
set -a
# shellcheck source=/dev/null
. /recipe/build.env
set +a

has_script() { [ "$(node -p "typeof require('./package.json').scripts?.['$1']")" = string ]; }
run_script() {
  case $PACKAGE_MANAGER in
  npm) npm run "$1" ;;
  pnpm) pnpm --config.verify-deps-before-run=false --config.manage-package-manager-versions=false run "$1" ;;
  yarn*) yarn run "$1" ;;
  esac
}

# Yarn would look for packages where these say, and they are in node_modules.
rm -f .pnp.cjs .pnp.loader.mjs

# The application's own scripts around an installation, which may read its sources: code that is generated, patches.
if has_script postinstall; then run_script postinstall; fi
# Many prepare a repository for its developers, which this is not; where code is generated here, the build misses it by name.
if has_script prepare; then run_script prepare || echo "The script \"prepare\" has failed, and the build goes on." >&2; fi

# What Next keeps between builds, but for answers that it was given: pages are made of today's. Many applications have the same
# name, and one must not find what another has left: what they depend on tells them apart.
dependencies=$(find . -maxdepth 1 \( -name package.json -o -name package-lock.json -o -name npm-shrinkwrap.json \
  -o -name pnpm-lock.yaml -o -name yarn.lock \) -exec sha256sum {} + | sort | sha256sum | cut -c 1-16)
kept="/cache/$APP_NAME-$dependencies"
mkdir -p .next "$kept"
touch "$kept"
find /cache -mindepth 1 -maxdepth 1 -mtime +30 -exec rm -rf {} +
rm -rf .next/cache "$kept/fetch-cache"
ln -s "$kept" .next/cache
node /recipe/nextjs/wrap-config.mjs
if has_script build; then run_script build; else node_modules/.bin/next build; fi
