# shellcheck shell=bash
# Keeps a service running: its script in services/ is started again whenever it ends, until the node stops.

supervise() {
  local name=$1
  (
    trap - TERM INT
    while [ ! -e "$RUN/stop" ]; do
      /usr/local/lib/sandbox/services/"$name" >>"$LOGS/$name.log" 2>&1 &
      echo $! >"$RUN/$name.pid"
      wait $!
      status=$?
      [ -e "$RUN/stop" ] && break
      say "$name ended with $status, starting it again; its last line: $(tail -n 1 "$LOGS/$name.log" | cut -c 1-200)"
      sleep 1
    done
  ) &
}

# terminate NAME...: asks services to end and waits up to ten seconds until they have.
terminate() {
  local name process
  for name; do
    process=$(cat "$RUN/$name.pid" 2>/dev/null) && kill -TERM "$process" 2>/dev/null
  done
  for name; do
    process=$(cat "$RUN/$name.pid" 2>/dev/null) || continue
    for _ in $(seq 100); do
      kill -0 "$process" 2>/dev/null || break
      sleep 0.1
    done
  done
}
