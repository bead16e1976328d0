import type { ClusterApi } from "../../components/cluster/api.ts";
import type { ReleaseName } from "../../components/release/history.ts";

/** The parts of every release that have logs to look at; what stands under the chart's `services` comes to them. */
export const ownServices: readonly string[] = ["frontend", "backend", "database"];

/** The label by which the chart's objects say to which part they belong. */
const componentLabel = "app.kubernetes.io/component";

/** What makes pods: a Deployment, StatefulSet or CronJob. */
interface Maker {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
}

/** The names of a list of objects' services, in the order in which they are told: those of every release first. */
export function servicesAmong(objects: readonly Maker[]): readonly string[] {
  const named = new Set(objects.flatMap(({ metadata }) => metadata.labels?.[componentLabel] ?? []));
  const further = [...named].filter((name) => !ownServices.includes(name));
  return [...ownServices.filter((name) => named.has(name)), ...further.sort()];
}

/**
 * The services that a release has in its cluster. Who may not ask, or asks too early, is told of those of every release.
 */
export async function listServices(
  api: ClusterApi,
  { namespace, releaseName }: ReleaseName,
): Promise<readonly string[]> {
  const query = `labelSelector=${encodeURIComponent(`app.kubernetes.io/instance=${releaseName}`)}`;
  const kinds = ["apps/v1 deployments", "apps/v1 statefulsets", "batch/v1 cronjobs"].map((kind) => kind.split(" "));
  const lists = await Promise.all(
    kinds.map(async ([group, kind]) => {
      const path = `/apis/${group}/namespaces/${namespace}/${kind}?${query}`;
      return (await api.get<{ items: Maker[] }>(path).catch(() => undefined))?.items ?? [];
    }),
  );
  const found = servicesAmong(lists.flat());
  return found.length === 0 ? ownServices : found;
}

/** One run of one container: each restart is another one. */
export interface ContainerRun {
  readonly service: string;
  readonly pod: string;
  readonly container: string;
  /** The runtime's own name of this run, such as `containerd://1f2e...`. */
  readonly id: string;
  /** How often the container has been started again. */
  readonly restarts: number;
}

/** A pod, as far as its logs need it: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ */
export interface LoggedPod {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly status?: {
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

interface ContainerStatus {
  readonly name: string;
  /** Absent until the container has been made. */
  readonly containerID?: string;
  readonly restartCount?: number;
  readonly state?: { readonly running?: unknown };
}

/** The pods of some services, and the version of the list, from which a watch goes on. */
export interface PodList {
  readonly pods: readonly LoggedPod[];
  readonly version: string;
}

/** The query that selects the pods of these services. */
function selector(releaseName: string, services: readonly string[]): string {
  const labels = `app.kubernetes.io/instance=${releaseName},${componentLabel} in (${services.join(",")})`;
  return `labelSelector=${encodeURIComponent(labels)}`;
}

/** Reads the pods of some services. */
export async function listPods(
  api: ClusterApi,
  { namespace, releaseName }: ReleaseName,
  services: readonly string[],
): Promise<PodList> {
  const path = `/api/v1/namespaces/${namespace}/pods?${selector(releaseName, services)}`;
  const list = await api.get<{ items: LoggedPod[]; metadata?: { resourceVersion?: string } }>(path);
  return { pods: list?.items ?? [], version: list?.metadata?.resourceVersion ?? "" };
}

/** The path of a watch that tells of each change after a list. */
export function watchPath(
  { namespace, releaseName }: ReleaseName,
  services: readonly string[],
  version: string,
): string {
  return `/api/v1/namespaces/${namespace}/pods?watch=true&${selector(releaseName, services)}&resourceVersion=${version}`;
}

/** The runs of a pod's containers that have a log, those of its start first. */
export function runsOf({ metadata, status }: LoggedPod): ContainerRun[] {
  const service = metadata.labels?.[componentLabel];
  if (service === undefined) return [];
  return statusesOf(status).flatMap(({ name, containerID, restartCount = 0 }) =>
    containerID === undefined
      ? []
      : [{ service, pod: metadata.name, container: name, id: containerID, restarts: restartCount }],
  );
}

/** Whether a run of a container is still under way. */
export async function isUnderWay(api: ClusterApi, namespace: string, { pod, id }: ContainerRun): Promise<boolean> {
  const found = await api.get<LoggedPod>(`/api/v1/namespaces/${namespace}/pods/${pod}`);
  return statusesOf(found?.status).some(({ containerID, state }) => containerID === id && state?.running !== undefined);
}

function statusesOf(status: LoggedPod["status"]): readonly ContainerStatus[] {
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
}
