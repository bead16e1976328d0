import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterApi } from "../../components/cluster/api.ts";
import type { ReleaseName } from "../../components/release/history.ts";
import { isNoLog } from "../../rollout/pods.ts";
import { type ContainerRun, isUnderWay, type LoggedPod, listPods, runsOf, watchPath } from "./containers.ts";
import { type LogLine, type LogOptions, lineOf, logPath, readRuns } from "./lines.ts";

/** How long to wait before a connection that broke is made again, in milliseconds. */
const RETRY_MS = 500;

/**
 * Reads what the containers of some services have written so far, in the order of time.
 *
 * @throws ApiError where the server refuses; Error where it does not answer.
 */
export async function readLogs(
  api: ClusterApi,
  release: ReleaseName,
  services: readonly string[],
  options: LogOptions = {},
): Promise<LogLine[]> {
  const { pods } = await listPods(api, release, services);
  return readRuns(api, release.namespace, pods.flatMap(runsOf), options);
}

/**
 * Writes what the containers of some services write, until the signal ends it: first what is there, in the order of time, then
 * each line as it comes, also of pods that come later and of containers that start again.
 *
 * @param write - Takes each line once.
 * @param options - Which of the lines that are there already; what comes later is told whole. Default: all of them.
 * @throws ApiError, Error where the server does not answer at the beginning; what breaks later is tried again.
 */
export async function streamLogs(
  api: ClusterApi,
  release: ReleaseName,
  services: readonly string[],
  write: (line: LogLine) => void,
  signal: AbortSignal,
  options: Omit<LogOptions, "previous"> = {},
): Promise<void> {
  const list = await listPods(api, release, services);
  const there = list.pods.flatMap(runsOf);
  const follower = new Follower(api, release.namespace, write, signal);
  const told = await readRuns(api, release.namespace, there, options);
  for (const line of told) write(line);
  for (const run of there) {
    follower.follow(
      run,
      told.findLast(({ pod, container }) => pod === run.pod && container === run.container)?.time ?? "",
    );
  }
  let { version } = list;
  while (!signal.aborted) {
    await watchPods(api, watchPath(release, services, version), signal, (pod) => follower.followAll(pod));
    await pause(signal);
    // A watch that was ended, or whose version is too old by now, goes on from a new list.
    const next = signal.aborted ? undefined : await listPods(api, release, services).catch(() => undefined);
    for (const pod of next?.pods ?? []) follower.followAll(pod);
    version = next?.version ?? version;
  }
  await follower.ended();
}

/** An event of a watch: https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes */
interface PodEvent {
  readonly type: string;
  readonly object: LoggedPod;
}

/** Comes back when the watch is over, for whatever reason. */
async function watchPods(
  api: ClusterApi,
  path: string,
  signal: AbortSignal,
  changed: (pod: LoggedPod) => void,
): Promise<void> {
  try {
    for await (const line of api.lines(path, signal)) {
      const { type, object } = JSON.parse(line) as PodEvent;
      if (type === "ERROR") return;
      if (type !== "DELETED") changed(object);
    }
  } catch {
    // The list that follows is asked again and again until the server is back.
  }
}

/** Follows runs of containers, each once. */
class Follower {
  private readonly api: ClusterApi;
  private readonly namespace: string;
  private readonly write: (line: LogLine) => void;
  private readonly signal: AbortSignal;
  private readonly followed = new Map<string, Promise<void>>();

  constructor(api: ClusterApi, namespace: string, write: (line: LogLine) => void, signal: AbortSignal) {
    this.api = api;
    this.namespace = namespace;
    this.write = write;
    this.signal = signal;
  }

  followAll(pod: LoggedPod): void {
    for (const run of runsOf(pod)) this.follow(run);
  }

  /**
   * Follows one run.
   *
   * @param after - The time of its last line that was told, empty where none was; absent for a run that is new.
   */
  follow(run: ContainerRun, after?: string): void {
    if (!this.followed.has(run.id)) this.followed.set(run.id, this.read(run, after));
  }

  async ended(): Promise<void> {
    await Promise.all(this.followed.values());
  }

  private async read(run: ContainerRun, after: string | undefined): Promise<void> {
    let last = after;
    do {
      // The server counts in seconds: the lines of the last one come again.
      const edge = last ?? "";
      const from = last === undefined ? [] : [edge === "" ? "tailLines=0" : `sinceTime=${encodeURIComponent(edge)}`];
      try {
        for await (const text of this.api.lines(logPath(this.namespace, run, ["follow=true", ...from]), this.signal)) {
          const line = lineOf(run, text);
          if (isNoLog(text) || line.time <= edge) continue;
          last = line.time;
          this.write(line);
        }
      } catch {
        // Whether that was the end of the container or of the connection is asked below.
      }
      await pause(this.signal);
    } while (!this.signal.aborted && (await this.goesOn(run)));
  }

  /** A server that does not answer cannot tell that a container is gone. */
  private goesOn(run: ContainerRun): Promise<boolean> {
    return isUnderWay(this.api, this.namespace, run).catch(() => true);
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
}
