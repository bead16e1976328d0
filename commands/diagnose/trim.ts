import type {
  Condition,
  ContainerFacts,
  EndpointFacts,
  EventFacts,
  NamespaceFacts,
  NodeFacts,
  PodFacts,
  ProbeFacts,
  WorkloadFacts,
} from "./facts.ts";
import type { Raw, RawObjects } from "./objects.ts";

/** Events of things that went well are left out, but for the kubelet's own ends of containers. */
const told = (event: RawEvent): boolean => event.type === "Warning" || event.reason === "Killing";

/** How many events are kept; the newest. */
const keptEvents = 120;

interface RawEvent extends Raw {
  readonly involvedObject: { readonly kind: string; readonly name: string };
  readonly type: string;
  readonly reason: string;
  readonly message?: string;
  readonly count?: number;
  readonly lastTimestamp?: string;
  readonly eventTime?: string;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string };
}

/** Events, the newest last: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/ */
export function trimEvents(raw: readonly Raw[]): EventFacts[] {
  return (raw as readonly RawEvent[])
    .filter(told)
    .map(({ involvedObject, type, reason, message = "", count, series, ...event }) => ({
      object: `${involvedObject.kind}/${involvedObject.name}`,
      type,
      reason,
      message,
      count: series?.count ?? count ?? 1,
      last:
        series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? "",
    }))
    .sort((a, b) => Date.parse(a.last) - Date.parse(b.last))
    .slice(-keptEvents);
}

/** The parts of an object's metadata that every kind has and that are read here. */
export function trimObject({ apiVersion, kind, metadata }: Raw): Raw {
  const { name, namespace, labels, creationTimestamp, deletionTimestamp } = metadata;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(labels !== undefined && { labels }),
      ...(creationTimestamp !== undefined && { creationTimestamp }),
      ...(deletionTimestamp !== undefined && { deletionTimestamp }),
    },
  };
}

/** An object with some of its fields. */
export function trimTo<T>(raw: Raw, ...fields: readonly string[]): T {
  const kept = fields.flatMap((field) => (raw[field] === undefined ? [] : [[field, raw[field]]]));
  return { ...trimObject(raw), ...Object.fromEntries(kept) } as T;
}

interface RawPodSpec {
  readonly nodeName?: string;
  readonly containers: readonly ContainerFacts[];
  readonly initContainers?: readonly ContainerFacts[];
  readonly volumes?: readonly { readonly persistentVolumeClaim?: { readonly claimName: string } }[];
}

/** A pod without its environment: a value in there may be anything. */
export function trimPod(raw: Raw): PodFacts {
  const { nodeName, containers, initContainers, volumes = [] } = raw.spec as RawPodSpec;
  return {
    ...trimObject(raw),
    spec: {
      ...(nodeName !== undefined && { nodeName }),
      containers: containers.map(trimContainer),
      ...(initContainers !== undefined && { initContainers: initContainers.map(trimContainer) }),
      claims: volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []),
    },
    status: pick(raw.status, [
      "phase",
      "reason",
      "message",
      "conditions",
      "initContainerStatuses",
      "containerStatuses",
    ]) as PodFacts["status"],
  };
}

function trimContainer(container: ContainerFacts): ContainerFacts {
  const { name, image, imagePullPolicy, ports, resources } = container;
  const probes = Object.fromEntries(
    (["startupProbe", "readinessProbe", "livenessProbe"] as const).flatMap((probe): [string, ProbeFacts][] => {
      const httpGet = container[probe]?.httpGet;
      if (container[probe] === undefined) return [];
      return [[probe, httpGet === undefined ? {} : { httpGet: { path: httpGet.path ?? "/", port: httpGet.port } }]];
    }),
  );
  return {
    name,
    image,
    ...(imagePullPolicy !== undefined && { imagePullPolicy }),
    ...(ports !== undefined && { ports }),
    ...(resources !== undefined && { resources }),
    ...probes,
  };
}

interface RawWorkload {
  readonly spec?: { readonly replicas?: number; readonly completions?: number };
  readonly status?: {
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly active?: number;
    readonly succeeded?: number;
    readonly conditions?: readonly Condition[];
  };
}

/** Deployments, ReplicaSets, StatefulSets and Jobs in one form. */
export function trimWorkloads({ deployments, replicaSets, statefulSets, jobs }: RawObjects): WorkloadFacts[] {
  const trimmed = (kind: string, all: readonly Raw[]): WorkloadFacts[] => all.map((raw) => trimWorkload(kind, raw));
  return [
    ...trimmed("Deployment", deployments),
    ...trimmed("ReplicaSet", replicaSets),
    ...trimmed("StatefulSet", statefulSets),
    ...trimmed("Job", jobs),
  ];
}

function trimWorkload(kind: string, raw: Raw): WorkloadFacts {
  const { spec = {}, status = {} } = raw as RawWorkload;
  const [owner] = (raw.metadata as { ownerReferences?: { kind: string; name: string }[] }).ownerReferences ?? [];
  const job = kind === "Job";
  return {
    ...trimObject(raw),
    kind,
    ...(owner !== undefined && { owner: `${owner.kind}/${owner.name}` }),
    wanted: (job ? spec.completions : spec.replicas) ?? 1,
    present: (job ? (status.active ?? 0) + (status.succeeded ?? 0) : status.replicas) ?? 0,
    ready: (job ? status.succeeded : status.readyReplicas) ?? 0,
    conditions: (status.conditions ?? []).map(({ type, status: is, reason = "", message = "" }) => ({
      type,
      status: is,
      reason,
      message,
    })),
  };
}

interface RawSlice {
  readonly endpoints?:
    | readonly { readonly addresses: readonly string[]; readonly conditions?: { ready?: boolean } }[]
    | null;
  readonly ports?: readonly unknown[] | null;
}

/** Endpoints by Service; a slice without ports leads nowhere, whatever its addresses. */
export function trimEndpoints(slices: readonly Raw[]): EndpointFacts[] {
  const counts = new Map<string, { ready: number; unready: number }>();
  for (const slice of slices) {
    const service = slice.metadata.labels?.["kubernetes.io/service-name"] ?? "";
    const count = counts.get(service) ?? { ready: 0, unready: 0 };
    const { endpoints, ports } = slice as Raw & RawSlice;
    for (const { conditions } of (ports?.length ?? 0) > 0 ? (endpoints ?? []) : []) {
      if (conditions?.ready === false) count.unready += 1;
      else count.ready += 1;
    }
    counts.set(service, count);
  }
  return [...counts].map(([service, count]) => ({ service, ...count }));
}

/** A node with its conditions, taints and room. */
export function trimNode(raw: Raw): NodeFacts {
  return {
    ...trimObject(raw),
    spec: pick(raw.spec, ["unschedulable", "taints"]) as NodeFacts["spec"] & object,
    status: pick(raw.status, ["conditions", "allocatable"]) as NodeFacts["status"] & object,
  };
}

export function trimNamespace(raw: Raw): NamespaceFacts {
  return trimTo<NamespaceFacts>(raw, "status");
}

function pick(value: unknown, names: readonly string[]): Record<string, unknown> {
  const fields = (value ?? {}) as Record<string, unknown>;
  return Object.fromEntries(names.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]])));
}
