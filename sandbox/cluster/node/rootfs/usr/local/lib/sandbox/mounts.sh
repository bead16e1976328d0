# shellcheck shell=bash
# The file systems and control groups that Docker gives an unprivileged container read-only, made fit for a kubelet. All
# of it concerns this container's own namespaces; the host's groups are never touched.

prepare_folders() {
  rm -rf "$RUN"
  mkdir -p "$RUN" /run/lock "$STATE" "$PKI" "$CONF" "$VOLUMES" "$LOGS" /var/lib/etcd /etc/cni/net.d
  # etcd refuses a data folder that others can read.
  chmod 700 /var/lib/etcd
  # One start's logs are kept beside the present ones.
  local log
  for log in "$LOGS"/*.log; do
    [ -e "$log" ] && mv "$log" "$log.previous"
  done
  return 0
}

prepare_mounts() {
  # Mounts that the kubelet makes for a pod must be seen by the container runtime.
  mount --make-rshared / && mount -o remount,rw /sys
}

prepare_cgroups() {
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then prepare_cgroup_v2; else prepare_cgroup_v1; fi
}

# One hierarchy for each controller; the kubelet gets a group of its own in each.
prepare_cgroup_v1() {
  local hierarchy file
  for hierarchy in /sys/fs/cgroup/*/; do
    mountpoint -q "$hierarchy" || continue
    mount -o remount,rw,bind "$hierarchy" && mkdir -p "$hierarchy/kubelet" || return 1
  done
  # A new cpuset is empty, and nothing can run in it before it has CPUs and memory nodes.
  for file in cpus mems; do
    cat "/sys/fs/cgroup/cpuset/cpuset.$file" >"/sys/fs/cgroup/cpuset/kubelet/cpuset.$file" || return 1
  done
  # A kernel refuses this where it is the only way, and needs it where it is a choice.
  echo 1 2>/dev/null >/sys/fs/cgroup/memory/kubelet/memory.use_hierarchy || true
}

# One hierarchy for all. A group that hands controllers to its children may hold no process itself, so what runs here
# moves into a child first.
prepare_cgroup_v2() {
  local root=/sys/fs/cgroup process controller controllers
  mount -o remount,rw "$root" && mkdir -p "$root/init" "$root/kubelet" || return 1
  while read -r process; do
    echo "$process" 2>/dev/null >"$root/init/cgroup.procs" || true # it may have ended meanwhile
  done <"$root/cgroup.procs"
  read -ra controllers <"$root/cgroup.controllers"
  for controller in "${controllers[@]}"; do
    echo "+$controller" >"$root/cgroup.subtree_control" || say "controller $controller is not available"
    echo "+$controller" 2>/dev/null >"$root/kubelet/cgroup.subtree_control" || true
  done
}
