import { ApiError, type ClusterApi } from "../../components/cluster/api.ts";
import { isNoLog } from "../../rollout/pods.ts";
import type { ContainerRun } from "./containers.ts";

/** One line that a container wrote. */
export interface LogLine {
  readonly service: string;
  readonly pod: string;
  readonly container: string;
  /** When it was written, as the node tells it: RFC 3339 with nanoseconds. */
  readonly time: string;
  readonly text: string;
}

/** Which lines are wanted. */
export interface LogOptions {
  /** The last lines of each container; default: all that its node has kept. */
  readonly tail?: number | undefined;
  /** Only what was written within so many seconds; default: no matter when. */
  readonly sinceSeconds?: number | undefined;
  /** Of the run before a container's last restart; default false. */
  readonly previous?: boolean;
}

/** Reads what some containers have written so far, in the order of time. */
export async function readRuns(
  api: ClusterApi,
  namespace: string,
  runs: readonly ContainerRun[],
  options: LogOptions,
): Promise<LogLine[]> {
  const wanted = options.previous === true ? runs.filter(({ restarts }) => restarts > 0) : runs;
  const lines = await Promise.all(wanted.map((run) => readRun(api, namespace, run, options)));
  return lines.flat().sort(byTime);
}

async function readRun(
  api: ClusterApi,
  namespace: string,
  run: ContainerRun,
  { tail, sinceSeconds, previous = false }: LogOptions,
): Promise<LogLine[]> {
  const query = [
    ...(tail === undefined ? [] : [`tailLines=${tail}`]),
    ...(sinceSeconds === undefined ? [] : [`sinceSeconds=${sinceSeconds}`]),
    ...(previous ? ["previous=true"] : []),
  ];
  const text = (await api.text(logPath(namespace, run, query)).catch(unlessGone)) ?? "";
  const lines = isNoLog(text) ? [] : text.split("\n").filter((line) => line !== "");
  return lines.map((line) => lineOf(run, line));
}

/** What a node has thrown away, or has not begun to write, is no log and no fault. */
function unlessGone(error: unknown): undefined {
  if (error instanceof ApiError && error.status === 400) return undefined;
  throw error;
}

/** Where one container's log is, each line with its time. */
export function logPath(namespace: string, { pod, container }: ContainerRun, query: readonly string[]): string {
  const all = [`container=${encodeURIComponent(container)}`, "timestamps=true", ...query];
  return `/api/v1/namespaces/${namespace}/pods/${pod}/log?${all.join("&")}`;
}

/** Takes a line with its time apart. */
export function lineOf({ service, pod, container }: ContainerRun, line: string): LogLine {
  const space = line.indexOf(" ");
  const [time, text] = space < 0 ? [line, ""] : [line.slice(0, space), line.slice(space + 1)];
  return { service, pod, container, time, text };
}

/** Milliseconds first, because nodes may have their own time zones; then the digits that a `Date` has not. */
function byTime(a: LogLine, b: LogLine): number {
  return Date.parse(a.time) - Date.parse(b.time) || fraction(a.time).localeCompare(fraction(b.time));
}

const fraction = (time: string): string => /\.(\d+)/.exec(time)?.[1] ?? "";
