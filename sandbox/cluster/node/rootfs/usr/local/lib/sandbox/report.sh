# shellcheck shell=bash
# Words for `docker logs`, and waiting.

say() { printf '%s sandbox [%3ds] %s\n' "$(date -u +%FT%TZ)" "$SECONDS" "$*"; }

die() {
  say "FAILED: $*"
  exit 1
}

# wait_for SECONDS WHAT COMMAND...: repeats the command until it succeeds.
wait_for() {
  local until=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    if ((SECONDS >= until)); then
      say "$what does not answer"
      return 1
    fi
    sleep 0.1
  done
  say "$what is up"
}

# once NAME COMMAND...: runs the command unless it has succeeded on this volume before; tries for half a minute.
once() {
  local done=$STATE/$1
  [ -e "$done" ] && return 0
  shift
  for _ in $(seq 60); do
    "$@" >>"$LOGS/once.log" 2>&1 && touch "$done" && return 0
    sleep 0.5
  done
  tail -n 5 "$LOGS/once.log"
  return 1
}
