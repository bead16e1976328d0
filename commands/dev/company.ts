import { styleText } from "node:util";
import type { ClusterApi } from "../../components/cluster/api.ts";
import type { ReleaseName } from "../../components/release/history.ts";
import { podState, type StatedPod } from "../../rollout/podState.ts";
import { type LoggedPod, listPods, listServices, watchPath } from "../logs/containers.ts";
import { lineFormat } from "../logs/format.ts";
import { streamLogs } from "../logs/stream.ts";

/** What is shown beside the edits. */
export interface Company {
  /** Takes each line for people. */
  readonly say: (line: string) => void;
  /** Whether the lines may have colours. */
  readonly colours: boolean;
}

/** What runs code of the application; what the database says is one `npm run logs -- database` away. */
async function shownOf(api: ClusterApi, release: ReleaseName): Promise<readonly string[]> {
  return (await listServices(api, release)).filter((name) => name !== "database");
}

/** How long to wait before a watch that ended is begun again, in milliseconds. */
const retryMs = 1000;

/** A pod as a watch tells it. */
type WatchedPod = LoggedPod & StatedPod;

/**
 * Shows what the services write from now on, and each change of a pod's state, until the signal ends it. A cluster that does not
 * answer for a while is asked again.
 */
export async function keepCompany(
  api: ClusterApi,
  release: ReleaseName,
  company: Company,
  signal: AbortSignal,
): Promise<void> {
  const shown = await shownOf(api, release);
  const format = lineFormat("readable", { ...company, services: shown });
  const logs = async () => {
    await streamLogs(api, release, shown, (line) => company.say(format(line)), signal, { tail: 0 });
  };
  await Promise.all([again(logs, signal), again(() => tellStates(api, release, shown, company, signal), signal)]);
}

async function again(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await work().catch(() => undefined);
    if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
}

/** Tells each pod's state, and each change of it, until the watch ends. */
async function tellStates(
  api: ClusterApi,
  release: ReleaseName,
  shown: readonly string[],
  { say, colours }: Company,
  signal: AbortSignal,
): Promise<void> {
  const states = new Map<string, string>();
  const tell = (pod: WatchedPod, state: string): void => {
    const { name } = pod.metadata;
    if (states.get(name) === state) return;
    states.set(name, state);
    const text = `${name}: ${state}`;
    say(colours ? styleText(styleOf(state), text, { validateStream: false }) : text);
  };
  const { pods, version } = await listPods(api, release, shown);
  for (const pod of pods as readonly WatchedPod[]) tell(pod, podState(pod));
  for await (const line of api.lines(watchPath(release, shown, version), signal)) {
    const { type, object } = JSON.parse(line) as { type: string; object: WatchedPod };
    if (type === "ERROR") return;
    if (type === "DELETED") {
      tell(object, "gone");
      states.delete(object.metadata.name);
    } else tell(object, podState(object));
  }
}

function styleOf(state: string): Parameters<typeof styleText>[0] {
  if (state === "ready") return "green";
  return /^(starting|running|ending|gone|done)/.test(state) ? "dim" : "red";
}
