import { setTimeout as sleep } from "node:timers/promises";
import { type CommandRunner, localCommands } from "../components/node/process.ts";
import type { Command } from "../components/node/target.ts";
import { type Pod, type PodProblem, podProblems, unreadyContainers } from "./podProblems.ts";

/** Which pods are watched, and how they are reached. */
export interface WatchedRelease {
  /** The kubectl binary. */
  readonly kubectl: string;
  readonly context: string;
  readonly namespace: string;
  readonly releaseName: string;
}

/** A watch on a rollout: Helm says only "timed out" and takes the failed pods away before anybody can look at them. */
export interface RolloutWatch {
  /** Ends the watch and tells, for people, what kept the rollout from succeeding; empty when nothing was seen. */
  readonly stop: () => Promise<string>;
}

interface Seen {
  readonly problem: PodProblem;
  readonly log: string;
}

/** Often enough to see a pod between its crash and its removal. */
const pollMilliseconds = 1000;

/** Lines of a container's log that the message shows. */
const logLines = "15";

/** Starts to watch the pods of a release that are not there yet when the watch begins. */
export async function watchRollout(release: WatchedRelease, run: CommandRunner = localCommands): Promise<RolloutWatch> {
  const seen = new Map<string, Seen>();
  const before = new Set((await listPods(release, run)).map((pod) => pod.metadata.name));
  let unready: PodProblem[] = [];
  let stopped = false;
  const look = async (): Promise<void> => {
    const fresh = (await listPods(release, run)).filter((pod) => !before.has(pod.metadata.name));
    if (fresh.length > 0) unready = fresh.flatMap(unreadyContainers);
    for (const problem of fresh.flatMap(podProblems)) {
      const log = await containerLog(release, problem, run);
      const key = `${problem.pod}/${problem.container}`;
      seen.set(key, { problem, log: log || (seen.get(key)?.log ?? "") });
    }
  };
  const loop = (async () => {
    while (!stopped) {
      await look();
      await sleep(pollMilliseconds);
    }
  })();
  return {
    stop: async () => {
      stopped = true;
      await loop;
      if (seen.size > 0) return [...seen.values()].map(tell).join("\n");
      return unready.map((problem) => tell({ problem, log: "" })).join("\n");
    },
  };
}

/** One problem for people: where, what, what to do, and what the container said last. */
export function tell({ problem, log }: Seen): string {
  const where = problem.container === "" ? `pod ${problem.pod}` : `pod ${problem.pod}, container ${problem.container}`;
  const lines = log === "" ? [] : ["    its last log lines:", ...log.split("\n").map((line) => `      ${line}`)];
  return [`  ${where}: ${problem.reason}: ${problem.message}`, `    ${problem.remedy}`, ...lines].join("\n");
}

function kubectl(release: WatchedRelease, ...args: string[]): Command {
  return [release.kubectl, "--context", release.context, "--namespace", release.namespace, ...args];
}

/** A watch that cannot look must not fail the deployment that it watches. */
async function listPods(release: WatchedRelease, run: CommandRunner): Promise<Pod[]> {
  const selector = `app.kubernetes.io/instance=${release.releaseName}`;
  try {
    const text = await run.output(kubectl(release, "get", "pods", "--selector", selector, "--output", "json"));
    return (JSON.parse(text) as { items: Pod[] }).items;
  } catch {
    return [];
  }
}

/** The log of the run that failed; the current one is asked where there was none before. */
async function containerLog(
  release: WatchedRelease,
  { pod, container }: PodProblem,
  run: CommandRunner,
): Promise<string> {
  if (container === "") return "";
  const log = kubectl(release, "logs", pod, "--container", container, "--tail", logLines);
  const text = await run.output([...log, "--previous"]).catch(() => run.output(log).catch(() => ""));
  return text.trim();
}
