import { type Pod, podProblems } from "./podProblems.ts";

/** A pod with what tells where it stands between its start and its end. */
export interface StatedPod extends Pod {
  readonly metadata: Pod["metadata"] & { readonly deletionTimestamp?: string };
  readonly status?: Pod["status"] & { readonly phase?: string };
}

/** Where a pod stands, in one or a few words: `starting`, `ready`, `CrashLoopBackOff`, `ending`. */
export function podState(pod: StatedPod): string {
  if (pod.metadata.deletionTimestamp !== undefined) return "ending";
  const { phase, conditions = [], containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  if (phase === "Succeeded") return "done";
  if (conditions.some(({ type, status }) => type === "Ready" && status === "True")) return "ready";
  // A container that ended badly before and serves again is history.
  const [problem] = podProblems(pod);
  if (problem !== undefined) return problem.reason;
  const preparing = initContainerStatuses.find(({ state }) => state?.terminated === undefined);
  if (preparing !== undefined) return `starting: ${preparing.name}`;
  const running = containerStatuses.some(({ state }) => state !== undefined && state.waiting === undefined);
  return running ? "running, not ready" : "starting";
}
