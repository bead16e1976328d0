# shellcheck shell=bash
# The way down: first who would start pods anew, then the pods, then the control plane, the store last.

shut_down() {
  trap '' TERM INT
  say "stopping"
  touch "$RUN/stop"
  terminate kubelet provisioner kube-controller-manager kube-scheduler
  stop_pods
  terminate kube-proxy kube-apiserver
  terminate etcd
  say "stopped"
  exit 0
}

# Containers get a moment to end by themselves; what is left dies with this container.
stop_pods() {
  local task
  for task in $(ctr -n k8s.io tasks list -q 2>/dev/null); do
    ctr -n k8s.io tasks kill -s TERM "$task" >/dev/null 2>&1 &
  done
  sleep 2
}
