import type { ClusterApi } from "../../components/cluster/api.ts";
import type { ReleaseName } from "../../components/release/history.ts";
import { type Pod, podProblems, unreadyContainers } from "../../rollout/podProblems.ts";
import { servicesAmong } from "../logs/containers.ts";

/** One pod of a service. */
export interface PodStatus {
  readonly name: string;
  /** `Ready`, or why it is not, in Kubernetes' own word. */
  readonly state: string;
  readonly restarts: number;
}

/** One service as the cluster has it. */
export interface ServiceStatus {
  /** `frontend`, `backend`, `database`, or the name of a further service. */
  readonly service: string;
  readonly desired: number;
  readonly ready: number;
  /** Pods of the newest template. */
  readonly updated: number;
  /** Pods of former templates that are still there, because the newest one's are not ready. */
  readonly former: number;
  /** The image that the newest template asks for. */
  readonly image: string;
  /** Of all its pods' containers. */
  readonly restarts: number;
  readonly pods: readonly PodStatus[];
}

/** What Deployments and StatefulSets have in common: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/ */
interface Workload {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>>; readonly generation?: number };
  readonly spec: {
    readonly replicas?: number;
    readonly template: { readonly spec: { readonly containers: readonly { name: string; image: string }[] } };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly updatedReplicas?: number;
  };
}

interface FullPod extends Pod {
  readonly metadata: Pod["metadata"] & {
    readonly labels?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
}

const componentOf = (labels: Readonly<Record<string, string>> = {}): string | undefined =>
  labels["app.kubernetes.io/component"];

/** Reads the services of a release; those that it does not have are left out. */
export async function readServices(
  api: ClusterApi,
  { namespace, releaseName }: ReleaseName,
): Promise<readonly ServiceStatus[]> {
  const query = `labelSelector=${encodeURIComponent(`app.kubernetes.io/instance=${releaseName}`)}`;
  const list = async <T>(path: string): Promise<readonly T[]> =>
    (await api.get<{ items: T[] }>(`${path}?${query}`))?.items ?? [];
  const [deployments, statefulSets, pods] = await Promise.all([
    list<Workload>(`/apis/apps/v1/namespaces/${namespace}/deployments`),
    list<Workload>(`/apis/apps/v1/namespaces/${namespace}/statefulsets`),
    list<FullPod>(`/api/v1/namespaces/${namespace}/pods`),
  ]);
  const workloads = [...deployments, ...statefulSets];
  return servicesAmong(workloads).flatMap((service) => {
    const workload = workloads.find(({ metadata }) => componentOf(metadata.labels) === service);
    const own = pods.filter(({ metadata }) => componentOf(metadata.labels) === service);
    return workload === undefined ? [] : [statusOf(service, workload, own)];
  });
}

function statusOf(service: string, { metadata, spec, status = {} }: Workload, pods: readonly FullPod[]): ServiceStatus {
  // What the controller has not seen yet is not rolled out, whatever it says of the template before.
  const seen = (metadata.generation ?? 0) <= (status.observedGeneration ?? 0);
  const told = pods.map(podStatus);
  const { containers } = spec.template.spec;
  return {
    service,
    desired: spec.replicas ?? 1,
    ready: status.readyReplicas ?? 0,
    updated: seen ? (status.updatedReplicas ?? 0) : 0,
    former: Math.max(0, (status.replicas ?? 0) - (status.updatedReplicas ?? 0)),
    image: (containers.find(({ name }) => name === service) ?? containers[0])?.image ?? "",
    restarts: told.reduce((sum, { restarts }) => sum + restarts, 0),
    pods: told,
  };
}

/** Whether all pods that are wanted are there, ready and of the newest template, and no others. */
export function isWell({ desired, ready, updated, former }: ServiceStatus): boolean {
  return ready >= desired && updated >= desired && former === 0;
}

function podStatus(pod: FullPod): PodStatus {
  const { name, deletionTimestamp } = pod.metadata;
  const containers = pod.status?.containerStatuses ?? [];
  const isReady = containers.length > 0 && containers.every(({ ready }) => ready === true);
  const [problem] = [...podProblems(pod), ...unreadyContainers(pod)];
  // A container that ended badly before and runs again is history.
  const state = isReady ? "Ready" : (problem?.reason ?? "Starting");
  return {
    name,
    state: deletionTimestamp === undefined ? state : "Ending",
    restarts: containers.reduce((sum, { restartCount = 0 }) => sum + restartCount, 0),
  };
}
