#!/bin/sh
# What the official image's entrypoint does with POSTGRES_USER, POSTGRES_PASSWORD (or _FILE), POSTGRES_DB and
# POSTGRES_INITDB_ARGS. Scripts in /docker-entrypoint-initdb.d are not run.
set -eu

umask 077
if [ "$1" = postgres ]; then
  mkdir -p "$PGDATA"
  # Every time: where a volume has an fsGroup, the kubelet opens it to the group, and the server refuses such a folder.
  chmod 700 "$PGDATA" || :
fi

if [ "$1" = postgres ] && [ "$(id -u)" = 0 ]; then
  chown -R postgres "$PGDATA" /run/postgresql
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi

if [ "$1" = postgres ] && [ ! -s "$PGDATA/PG_VERSION" ]; then
  user=${POSTGRES_USER:-postgres}
  database=${POSTGRES_DB:-$user}
  if [ -n "${POSTGRES_PASSWORD_FILE:-}" ]; then POSTGRES_PASSWORD=$(cat "$POSTGRES_PASSWORD_FILE"); fi
  password=$(mktemp)
  printf %s "${POSTGRES_PASSWORD:?must be set to make a new database}" >"$password"
  # shellcheck disable=SC2086 # several arguments in one variable, as the official image has it
  initdb --username="$user" --pwfile="$password" --auth-host=scram-sha-256 --encoding=UTF8 ${POSTGRES_INITDB_ARGS:-} >/dev/null
  rm "$password"
  printf '\nhost all all all scram-sha-256\n' >>"$PGDATA/pg_hba.conf"
  printf "\nlisten_addresses = '*'\n" >>"$PGDATA/postgresql.conf"
  if [ "$database" != postgres ]; then
    printf 'CREATE DATABASE "%s"\n' "$database" | postgres --single -j postgres >/dev/null
  fi
fi

exec "$@"
