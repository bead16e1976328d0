#!/usr/bin/env bash
# Runs a command with the kubeconfig that KUBECONFIG_CONTENT holds, in a file that is gone afterwards.
# usage: with-kubeconfig.sh COMMAND...
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# A preview needs no cluster, but tells more with one.
if [ -n "${KUBECONFIG_CONTENT:-}" ]; then
  (umask 077 && printf '%s\n' "$KUBECONFIG_CONTENT" > "$folder/kubeconfig")
  export KUBECONFIG="$folder/kubeconfig"
fi
unset KUBECONFIG_CONTENT
# GitHub hands over an empty text for a secret that is not there. With Pulumi Cloud's own encryption there is no passphrase.
[ -n "${PULUMI_CONFIG_PASSPHRASE:-}" ] || unset PULUMI_CONFIG_PASSPHRASE
"$@"
