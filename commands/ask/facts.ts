import type { ClusterApi, KubernetesObject } from "../../components/cluster/api.ts";
import { type Pod, podProblems, unreadyContainers } from "../../rollout/podProblems.ts";
import { podsOf } from "../../rollout/pods.ts";
import type { StackSettings } from "../deploy/settings.ts";
import type { Machine } from "../support/machine.ts";

/** The deployment that is asked about. */
export interface Asked {
  readonly machine: Machine;
  /** As it is deployed, in the sandbox too. */
  readonly settings: StackSettings;
  readonly api: ClusterApi;
}

/** Collects what is known of a deployment, as JSON text; whoever sends it masks it. */
export type CollectFacts = (asked: Asked) => Promise<string>;

interface EventObject {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly involvedObject?: { readonly kind?: string; readonly name?: string };
}

interface Workload extends KubernetesObject {
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly replicas?: number; readonly readyReplicas?: number; readonly conditions?: unknown };
}

/** Events that are told, the newest ones. */
const toldEvents = 20;

/** Pods, what is wrong with them with the last lines of their logs, workloads and warnings. */
export const collectFacts: CollectFacts = async ({ api, settings: { namespace, releaseName } }) => {
  const source = podsOf(api, namespace, releaseName);
  const selector = encodeURIComponent(`app.kubernetes.io/instance=${releaseName}`);
  const list = async <T>(path: string): Promise<readonly T[]> => (await api.get<{ items: T[] }>(path))?.items ?? [];
  const [pods, deployments, sets, events] = await Promise.all([
    source.list(),
    list<Workload>(`/apis/apps/v1/namespaces/${namespace}/deployments?labelSelector=${selector}`),
    list<Workload>(`/apis/apps/v1/namespaces/${namespace}/statefulsets?labelSelector=${selector}`),
    list<EventObject>(`/api/v1/namespaces/${namespace}/events`),
  ]);
  const found = pods.flatMap((pod) => [...podProblems(pod), ...unreadyContainers(pod)]);
  const problems = found.map(async ({ remedy: _remedy, ...problem }) => ({
    ...problem,
    log: problem.container === "" ? "" : await source.log(problem).catch(() => ""),
  }));
  const facts = {
    release: { name: releaseName, namespace },
    workloads: [...deployments, ...sets].map(workloadFacts),
    pods: pods.map(podFacts),
    problems: await Promise.all(problems),
    warnings: events
      .filter(({ type }) => type !== "Normal")
      .sort((one, other) => timeOf(one).localeCompare(timeOf(other)))
      .slice(-toldEvents)
      .map(eventFacts),
  };
  return JSON.stringify(facts, undefined, 1);
};

function workloadFacts({ metadata, spec, status }: Workload) {
  return {
    name: metadata.name,
    wanted: spec?.replicas,
    ready: status?.readyReplicas ?? 0,
    conditions: status?.conditions,
  };
}

function podFacts({ metadata, status }: Pod) {
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return {
    name: metadata.name,
    created: metadata.creationTimestamp,
    containers: containers.map(({ name, ready, restartCount, state, lastState }) => ({
      ...{ name, ready, restarts: restartCount, state, lastState },
    })),
  };
}

function eventFacts(event: EventObject) {
  const { reason, message, count, involvedObject } = event;
  return { at: timeOf(event), object: `${involvedObject?.kind} ${involvedObject?.name}`, reason, message, count };
}

const timeOf = ({ lastTimestamp, eventTime }: EventObject): string => lastTimestamp ?? eventTime ?? "";
