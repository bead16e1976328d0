const head = (name: string): string => `#!/bin/sh
PATH=/usr/bin:/bin
echo "${name} $*" >> "$STAND_INS/calls"
`;

/** Programs that note how they were called and do the least that the commands look at. */
export const standIns = {
  /** `events` is what a preview logs; `deployed` marks that the page answers; `history` is what the last update changed; `fails` makes `up` fail once. */
  pulumi: `${head("pulumi")}
case "$*" in
  version) echo v3.270.0 ;;
  *"stack select"*) grep -q encryptionsalt "$2/Pulumi.local.yaml" 2>/dev/null || echo "encryptionsalt: v1:stand-in" >> "$2/Pulumi.local.yaml"
    mkdir -p "$2/pulumi/.pulumi" ;;
  "stack history"*) cat "$STAND_INS/history" 2>/dev/null || echo '[{"resourceChanges":{"create":3}}]' ;;
  "stack export"*) cat "$STAND_INS/state" 2>/dev/null || echo '{}' ;;
  "stack output"*) echo '{"url":"http://127.0.0.1:30977"}' ;;
  up*) env | grep -E '^(PULUMI_|GOGC)' > "$STAND_INS/pulumi-env"
    if [ -e "$STAND_INS/hangs" ]; then touch "$STAND_INS/hanging"; exec sleep 30; fi
    if [ -e "$STAND_INS/fails" ]; then rm "$STAND_INS/fails"; exit 255; fi
    touch "$STAND_INS/deployed" ;;
  preview*) echo "$PULUMI_DEBUG_COMMANDS" > "$STAND_INS/debug-commands"
    while [ $# -gt 1 ] && [ "$1" != --event-log ]; do shift; done
    echo "$2" > "$STAND_INS/event-log"
    cat "$STAND_INS/events" > "$2" 2>/dev/null || rm -f "$2" ;;
  destroy*) rm -f "$STAND_INS/deployed" ;;
esac
`,
  /** `minikube-runs` marks a started profile. */
  minikube: `${head("minikube")}
profile="$HOME/.minikube/profiles/minikube"
case "$1" in
  version) echo v1.38.1 ;;
  status) if [ -e "$STAND_INS/minikube-runs" ]; then echo '{"Name":"minikube","Host":"Running","Kubelet":"Running","APIServer":"Running"}'; else exit 85; fi ;;
  start) mkdir -p "$profile"; echo '{}' > "$profile/config.json"; touch "$STAND_INS/minikube-runs" ;;
  delete) rm -rf "$profile" "$STAND_INS/minikube-runs" ;;
esac
`,
  /** `no-engine` holds what the client says where no engine answers; `ps` the container that publishes the port. */
  docker: `${head("docker")}
if [ -e "$STAND_INS/no-engine" ]; then cat "$STAND_INS/no-engine" >&2; exit 1; fi
case "$1" in
  info) echo '{"ServerVersion":"28.0.0","NCPU":8,"MemTotal":16000000000,"DockerRootDir":"/var/lib/docker"}' ;;
  ps) cat "$STAND_INS/ps" 2>/dev/null ;;
esac
exit 0
`,
  /** `manifest` is what a chart renders to; the values that came in are kept in `helm-values`. */
  helm: `${head("helm")}
case "$1" in
  version) echo v3.22.0 ;;
  template) cat > "$STAND_INS/helm-values"
    if [ -e "$STAND_INS/helm-fails" ]; then cat "$STAND_INS/helm-fails" >&2; exit 1; fi
    cat "$STAND_INS/manifest" ;;
esac
`,
  /** A port-forward lives until it is ended. */
  kubectl: `${head("kubectl")}
case "$*" in
  version*) echo "Client Version: v1.34.1" ;;
  *"get pods"*) echo '{"items":[]}' ;;
  *port-forward*) touch "$STAND_INS/forwarded"; trap 'kill $!' TERM; sleep 60 & wait ;;
esac
`,
} as const;
