import {
  type Container,
  containersOf,
  fieldsOf,
  listOf,
  type Manifest,
  type PodSpec,
  placeOf,
  podOf,
} from "../manifest.ts";
import type { Rule, Violation } from "../rule.ts";

/** A field that the Pod Security Standard does not allow as it is, with what to write instead. */
interface Fault {
  readonly container?: string;
  readonly field: string;
  readonly what: string;
  readonly write: string;
}

/**
 * The Pod Security Standard "restricted", with what it takes over from "baseline":
 * https://kubernetes.io/docs/concepts/security/pod-security-standards/ (Linux pods)
 */
export const restricted: Rule = {
  name: "restricted-pods",
  description: "Pods must meet the Pod Security Standard restricted, which the namespace enforces.",
  check: (objects) => objects.flatMap(checkObject),
};

function checkObject(object: Manifest): Violation[] {
  const pod = podOf(object);
  if (pod === undefined) return [];
  const faults = [...podFaults(pod), ...containersOf(object).flatMap((container) => containerFaults(pod, container))];
  return faults.map(({ container, field, what, write }) => ({
    what,
    where: placeOf(object, container, field),
    remedy: `where the object is made, ${write}`,
  }));
}

/** The kinds of volume that reach nothing of the node. */
const volumes = "configMap csi downwardAPI emptyDir ephemeral persistentVolumeClaim projected secret".split(" ");

/** Sysctls that stay inside of the pod. */
const sysctls = [
  ...["kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start"],
  ...["net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports"],
  ...["net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl"],
  ...["net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"],
];

function podFaults(pod: PodSpec): Fault[] {
  const shared = ["hostNetwork", "hostPID", "hostIPC"].filter((field) => pod[field] === true);
  const own = fieldsOf(pod.securityContext);
  return [
    ...shared.map((field) => ({ field, what: `${field} shares the node's own`, write: `remove ${field}` })),
    ...listOf(pod.volumes).flatMap(volumeFaults),
    ...listOf(own.sysctls)
      .filter(({ name }) => !sysctls.includes(String(name)))
      .map(({ name }) => ({ field: "securityContext.sysctls", what: `${name} is not safe`, write: `remove ${name}` })),
    ...contextFaults(own, "the pod"),
  ];
}

function volumeFaults(volume: PodSpec): Fault[] {
  const kinds = Object.keys(volume).filter((key) => key !== "name" && !volumes.includes(key));
  return kinds.map((kind) => {
    const what = `the volume "${volume.name}" is a ${kind}`;
    return { field: "volumes", what, write: `use one of ${volumes.join(", ")}` };
  });
}

function containerFaults(pod: PodSpec, { name: container, ...given }: Container): Fault[] {
  const own = fieldsOf(given.securityContext);
  // A container's own word wins over the pod's.
  const all = { ...fieldsOf(pod.securityContext), ...own };
  const faults = [
    ...contextFaults(own, "it"),
    ...requiredFaults(own, all),
    ...capabilityFaults(fieldsOf(own.capabilities)),
    ...hostFaults(given),
  ];
  return faults.map((fault) => ({ container, ...fault }));
}

/** What a container must say, itself or by its pod. */
function requiredFaults(own: PodSpec, all: PodSpec): Fault[] {
  const [asRoot, escalates] = ["securityContext.runAsNonRoot", "securityContext.allowPrivilegeEscalation"];
  const faults: Fault[] = [];
  if (all.runAsNonRoot !== true)
    faults.push({ field: asRoot, what: "it may run as root", write: `set ${asRoot}: true` });
  if (own.allowPrivilegeEscalation !== false)
    faults.push({ field: escalates, what: "it may gain privileges", write: `set ${escalates}: false` });
  if (all.seccompProfile === undefined) {
    const field = "securityContext.seccompProfile.type";
    faults.push({ field, what: "it has no seccomp profile", write: `set ${field}: RuntimeDefault` });
  }
  if (own.privileged === true)
    faults.push({ field: "securityContext.privileged", what: "it is privileged", write: "remove privileged" });
  if (own.procMount !== undefined && own.procMount !== "Default")
    faults.push({ field: "securityContext.procMount", what: "it sees an unmasked /proc", write: "remove procMount" });
  return faults;
}

/** What neither a pod nor a container may say. */
function contextFaults(context: PodSpec, whose: string): Fault[] {
  const field = "securityContext";
  const seccomp = fieldsOf(context.seccompProfile).type;
  const appArmor = fieldsOf(context.appArmorProfile).type;
  const selinux = fieldsOf(context.seLinuxOptions);
  const types = ["container_t", "container_init_t", "container_kvm_t", "container_engine_t"];
  const wrong: readonly (readonly [boolean, string, string, string])[] = [
    [context.runAsUser === 0, "runAsUser", `${whose} runs as user 0`, "remove runAsUser: 0"],
    [seccomp === "Unconfined", "seccompProfile", `${whose} is unconfined`, "set seccompProfile.type: RuntimeDefault"],
    [appArmor === "Unconfined", "appArmorProfile", `${whose} is unconfined`, "remove appArmorProfile"],
    [
      Boolean(selinux.user || selinux.role) || Boolean(selinux.type && !types.includes(String(selinux.type))),
      "seLinuxOptions",
      `${whose} chooses its own SELinux user, role or type`,
      "remove seLinuxOptions",
    ],
    [
      fieldsOf(context.windowsOptions).hostProcess === true,
      "windowsOptions.hostProcess",
      `${whose} is a process of the node`,
      "remove hostProcess",
    ],
  ];
  return wrong.flatMap(([is, key, what, write]) => (is ? [{ field: `${field}.${key}`, what, write }] : []));
}

function capabilityFaults({ drop, add }: PodSpec): Fault[] {
  const field = "securityContext.capabilities";
  const dropped = Array.isArray(drop) && drop.includes("ALL");
  const added = Array.isArray(add) ? add.filter((name) => name !== "NET_BIND_SERVICE") : [];
  return [
    ...(dropped ? [] : [{ field, what: "it keeps capabilities", write: `set ${field}: { drop: [ALL] }` }]),
    ...(added.length === 0
      ? []
      : [{ field, what: `it adds ${added.join(", ")}`, write: `remove ${added.join(", ")}` }]),
  ];
}

/** Ports of the node, and since Kubernetes 1.34 probes and hooks that are sent elsewhere than to the pod. */
function hostFaults(container: PodSpec): Fault[] {
  const ports = listOf(container.ports).filter(({ hostPort }) => Number(hostPort ?? 0) !== 0);
  const { postStart, preStop } = fieldsOf(container.lifecycle);
  const { livenessProbe, readinessProbe, startupProbe } = container;
  const calls = [livenessProbe, readinessProbe, startupProbe, postStart, preStop].map(fieldsOf);
  const hosts = calls.flatMap(({ httpGet, tcpSocket }) => [fieldsOf(httpGet).host, fieldsOf(tcpSocket).host]);
  return [
    ...ports.map(({ hostPort }) => ({
      field: "ports",
      what: `it takes the node's port ${hostPort}`,
      write: "remove hostPort",
    })),
    ...hosts
      .filter((host) => host !== undefined && host !== "")
      .map((host) => ({ field: "probes", what: `a probe goes to ${host}`, write: "remove the probe's host" })),
  ];
}
