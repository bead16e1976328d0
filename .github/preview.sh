#!/usr/bin/env bash
# Previews production, and writes what that prints as a comment for a pull request. Its exit code is the preview's.
# usage: preview.sh FILE
set -euo pipefail

file=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$(dirname "$file")"

code=0
"$(dirname "$0")/with-kubeconfig.sh" npm run --silent preview -- --stack prod 2>&1 | tee "$folder/output" || code=$?

# A comment holds 65,536 characters; the summary of a preview stands at its end.
limit=60000
{
  if [ "$code" -eq 0 ]; then echo "### What this would change in production"; else echo "### The preview of production fails"; fi
  echo
  [ "$(wc -c < "$folder/output")" -le "$limit" ] || echo "Its beginning is left out; the whole of it is in the job's log."
  echo
  echo '~~~~~~~~diff'
  tail -c "$limit" "$folder/output" | iconv -c -f utf-8 -t utf-8
  echo '~~~~~~~~'
} > "$file"
exit "$code"
