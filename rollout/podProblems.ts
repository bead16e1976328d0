/** The parts of a Pod that tell why it does not run: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ */
export interface Pod {
  readonly metadata: { readonly name: string; readonly creationTimestamp?: string };
  readonly status?: {
    readonly conditions?: readonly { type: string; status: string; reason?: string; message?: string }[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly terminated?: { readonly reason?: string; readonly exitCode?: number };
}

interface ContainerStatus {
  readonly name: string;
  readonly ready?: boolean;
  readonly restartCount?: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

/** Why one container of a pod does not serve. */
export interface PodProblem {
  readonly pod: string;
  /** Empty where the pod as a whole is the matter. */
  readonly container: string;
  /** The reason in Kubernetes' own word, such as `CrashLoopBackOff`. */
  readonly reason: string;
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
}

const remedies: Readonly<Record<string, string>> = {
  ErrImageNeverPull: "the node lacks the image; put it there with: npm run up",
  ErrImagePull: "check the image's name, the registry's address and the pull secret",
  ImagePullBackOff: "check the image's name, the registry's address and the pull secret",
  CreateContainerConfigError: "a Secret or ConfigMap that the pod names does not exist",
  OOMKilled: "raise the memory limit in the chart's values (resources.limits.memory)",
  Unschedulable: "no node has room; lower the requests or give the cluster more CPU or memory",
  NotReady: "the readiness probe fails; the container's log says why",
};

/** Reasons that every start goes through. */
const ordinaryWaiting = new Set(["ContainerCreating", "PodInitializing"]);

/** What keeps a pod from serving; nothing for a pod that serves or is only starting. */
export function podProblems(pod: Pod): PodProblem[] {
  const unschedulable = (pod.status?.conditions ?? [])
    .filter((condition) => condition.type === "PodScheduled" && condition.status === "False")
    .map((condition) => problem(pod, "", condition.reason ?? "Unschedulable", condition.message ?? ""));
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  return [...unschedulable, ...statuses.flatMap((status) => containerProblem(pod, status))];
}

/** Containers that run but have not become ready: no problem in itself, but the reason when the time is over. */
export function unreadyContainers(pod: Pod): PodProblem[] {
  return (pod.status?.containerStatuses ?? [])
    .filter(({ ready, state }) => ready === false && state?.waiting === undefined && state?.terminated === undefined)
    .map((status) => problem(pod, status.name, "NotReady", "runs, but its readiness or startup probe does not answer"));
}

function containerProblem(pod: Pod, { name, state, lastState }: ContainerStatus): PodProblem[] {
  const ended = state?.terminated ?? lastState?.terminated;
  const failed = ended !== undefined && ended.exitCode !== 0;
  if (state?.waiting?.reason !== undefined && !ordinaryWaiting.has(state.waiting.reason)) {
    const cause = failed && ended.reason === "OOMKilled" ? "OOMKilled" : state.waiting.reason;
    const exit = failed ? ` (last exit code ${ended.exitCode})` : "";
    return [problem(pod, name, cause, `${state.waiting.message ?? "waits"}${exit}`)];
  }
  if (failed) return [problem(pod, name, ended.reason ?? "Error", `ended with exit code ${ended.exitCode}`)];
  return [];
}

function problem(pod: Pod, container: string, reason: string, message: string): PodProblem {
  const remedy = remedies[reason] ?? "read the container's log below";
  return { pod: pod.metadata.name, container, reason, message, remedy };
}
