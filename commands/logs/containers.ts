import type { ClusterApi } from "../../components/cluster/api.ts";
import type { ReleaseName } from "../../components/release/history.ts";

/** The parts of a release that run for as long as it does, and have logs to look at. */
export const logServices = ["frontend", "backend", "database"] as const;

/** One part of a release. */
export type LogService = (typeof logServices)[number];

/** One run of one container: each restart is another one. */
export interface ContainerRun {
  readonly service: LogService;
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
function selector(releaseName: string, services: readonly LogService[]): string {
  const labels = `app.kubernetes.io/instance=${releaseName},app.kubernetes.io/component in (${services.join(",")})`;
  return `labelSelector=${encodeURIComponent(labels)}`;
}

/** Reads the pods of some services. */
export async function listPods(
  api: ClusterApi,
  { namespace, releaseName }: ReleaseName,
  services: readonly LogService[],
): Promise<PodList> {
  const path = `/api/v1/namespaces/${namespace}/pods?${selector(releaseName, services)}`;
  const list = await api.get<{ items: LoggedPod[]; metadata?: { resourceVersion?: string } }>(path);
  return { pods: list?.items ?? [], version: list?.metadata?.resourceVersion ?? "" };
}

/** The path of a watch that tells of each change after a list. */
export function watchPath(
  { namespace, releaseName }: ReleaseName,
  services: readonly LogService[],
  version: string,
): string {
  return `/api/v1/namespaces/${namespace}/pods?watch=true&${selector(releaseName, services)}&resourceVersion=${version}`;
}

/** The runs of a pod's containers that have a log, those of its start first. */
export function runsOf({ metadata, status }: LoggedPod): ContainerRun[] {
  const service = logServices.find((name) => name === metadata.labels?.["app.kubernetes.io/component"]);
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
