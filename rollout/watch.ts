import { setTimeout as sleep } from "node:timers/promises";
import { type PodProblem, podProblems, unreadyContainers } from "./podProblems.ts";
import type { PodSource } from "./pods.ts";

/** A watch on a rollout: Helm says only "timed out" and takes the failed pods away before anybody can look at them. */
export interface RolloutWatch {
  /** Ends the watch and tells, for people, what kept the rollout from succeeding; empty when nothing was seen. */
  readonly stop: () => Promise<string>;
}

/** How a watch looks and tells. */
export interface WatchOptions {
  /** Takes each problem as soon as it is seen, once a container. */
  readonly report?: (problem: string) => void;
  /** How long a container may run without being ready before that is reported, in milliseconds; default 40 000. */
  readonly unreadyMilliseconds?: number;
  /** How often the pods are looked at, in milliseconds; default 1000: between a pod's crash and its removal. */
  readonly pollMilliseconds?: number;
}

/**
 * The runtime failed to start a container, which may be a matter of the moment: the kubelet tries again, and what fails again is
 * in `CrashLoopBackOff` next: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy
 */
const passingReasons = new Set(["RunContainerError", "StartError", "ContainerCannotRun"]);

/** What was seen of one container. */
export interface Seen {
  readonly problem: PodProblem;
  readonly log: string;
}

/** Starts to watch the pods of a release that are not there yet when the watch begins. */
export async function watchRollout(pods: PodSource, options: WatchOptions = {}): Promise<RolloutWatch> {
  const { pollMilliseconds = 1000 } = options;
  const before = new Set((await look(pods)).map((pod) => pod.metadata.name));
  const observer = new Observer(pods, options);
  const stopping = new AbortController();
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      await observer.see((await look(pods)).filter((pod) => !before.has(pod.metadata.name)));
      // Without a reference: a program that ends for another reason does not wait for its watch.
      await sleep(pollMilliseconds, undefined, { ref: false, signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await loop;
      return observer.tell();
    },
  };
}

/** A watch that cannot look must not fail the deployment that it watches. */
function look(pods: PodSource): ReturnType<PodSource["list"]> {
  return pods.list().catch(() => []);
}

class Observer {
  private readonly pods: PodSource;
  private readonly report: (problem: string) => void;
  private readonly unreadyMilliseconds: number;
  private readonly seen = new Map<string, Seen>();
  private readonly unreadySince = new Map<string, number>();
  private readonly reported = new Set<string>();
  private unready: PodProblem[] = [];

  constructor(pods: PodSource, { report = () => undefined, unreadyMilliseconds = 40_000 }: WatchOptions) {
    this.pods = pods;
    this.report = report;
    this.unreadyMilliseconds = unreadyMilliseconds;
  }

  async see(fresh: Awaited<ReturnType<PodSource["list"]>>): Promise<void> {
    if (fresh.length > 0) this.unready = fresh.flatMap(unreadyContainers);
    for (const problem of fresh.flatMap(podProblems)) await this.note(problem);
    for (const problem of this.unready) await this.noteUnready(problem);
  }

  tell(): string {
    if (this.seen.size > 0) return [...this.seen.values()].map(tell).join("\n");
    return this.unready.map((problem) => tell({ problem, log: "" })).join("\n");
  }

  private async note(problem: PodProblem): Promise<void> {
    const key = `${problem.pod}/${problem.container}`;
    const log = await this.logOf(problem);
    const seen = { problem, log: log || (this.seen.get(key)?.log ?? "") };
    this.seen.set(key, seen);
    if (!passingReasons.has(problem.reason)) this.reportOnce(key, seen);
  }

  /** Not being ready is no problem in itself: every container begins so. */
  private async noteUnready(problem: PodProblem): Promise<void> {
    const key = `${problem.pod}/${problem.container}`;
    const since = this.unreadySince.get(key) ?? Date.now();
    this.unreadySince.set(key, since);
    if (this.reported.has(key) || Date.now() - since < this.unreadyMilliseconds) return;
    this.reportOnce(key, { problem, log: await this.logOf(problem) });
  }

  private reportOnce(key: string, seen: Seen): void {
    if (this.reported.has(key)) return;
    this.reported.add(key);
    this.report(tell(seen));
  }

  private async logOf(problem: PodProblem): Promise<string> {
    return problem.container === "" ? "" : this.pods.log(problem).catch(() => "");
  }
}

/** One problem for people: where, what, what to do, and what the container said last. */
export function tell({ problem, log }: Seen): string {
  const where = problem.container === "" ? `pod ${problem.pod}` : `pod ${problem.pod}, container ${problem.container}`;
  const lines = log === "" ? [] : ["    its last log lines:", ...log.split("\n").map((line) => `      ${line}`)];
  return [`  ${where}: ${problem.reason}: ${problem.message}`, `    ${problem.remedy}`, ...lines].join("\n");
}
