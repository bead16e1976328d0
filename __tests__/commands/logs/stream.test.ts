import { beforeEach, expect, test } from "@jest/globals";
import type { LogLine } from "../../../commands/logs/lines.ts";
import { readLogs, streamLogs } from "../../../commands/logs/stream.ts";
import type { ClusterApi } from "../../../components/cluster/api.ts";
import { ApiServer } from "../../support/apiServer.ts";

const server = await ApiServer.start();
const pods = "/api/v1/namespaces/todo/pods";
const release = { namespace: "todo", releaseName: "todo" };

let api: ClusterApi;
beforeEach(async () => {
  server.reset();
  api = await server.client();
});

interface Made {
  readonly init?: string;
  readonly restarts?: number;
  readonly id?: string;
  readonly running?: boolean;
}

function pod(name: string, service: string, { init, restarts = 0, id = `${name}-1`, running = true }: Made = {}) {
  const state = running ? { running: {} } : { terminated: {} };
  const status = { name: service, containerID: id, restartCount: restarts, state };
  return {
    metadata: { name, labels: { "app.kubernetes.io/component": service } },
    status: {
      containerStatuses: [status],
      initContainerStatuses: init === undefined ? [] : [{ name: init, containerID: `${name}-${init}`, state: {} }],
    },
  };
}

function put(...items: ReturnType<typeof pod>[]): void {
  server.objects.set(pods, { metadata: { resourceVersion: "7" }, items });
  for (const item of items) server.objects.set(`${pods}/${item.metadata.name}`, item);
}

const at = (second: number): string => `2026-01-01T00:00:0${second}.000000001Z`;
const past = (name: string, container: string, query: string, ...lines: string[]) =>
  server.objects.set(`${pods}/${name}/log?container=${container}&timestamps=true${query}`, `${lines.join("\n")}\n`);
const texts = (lines: readonly LogLine[]): string[] => lines.map(({ pod, text }) => `${pod}: ${text}`);

/** Follows until so many lines were written. */
async function follow(count: number, options = {}): Promise<string[]> {
  const end = new AbortController();
  const lines: LogLine[] = [];
  const late = setTimeout(() => end.abort(), 4000);
  const write = (line: LogLine): void => {
    lines.push(line);
    if (lines.length === count) setTimeout(() => end.abort(), 100);
  };
  await streamLogs(api, release, ["frontend", "backend"], write, end.signal, options);
  clearTimeout(late);
  return texts(lines);
}

test("the lines of all pods stand in the order of time, those of a pod's start among them", async () => {
  put(pod("f-1", "frontend"), pod("b-1", "backend", { init: "migrate" }));
  past("f-1", "frontend", "", `${at(2)} second`, `${at(4)} fourth`);
  past("b-1", "backend", "", `${at(3)} third`, "2026-01-01T02:00:05.5+02:00 fifth, by another clock");
  past("b-1", "migrate", "", `${at(1)} first`);
  const lines = await readLogs(api, release, ["frontend", "backend"]);
  expect(lines.map(({ service }) => service)).toEqual(["backend", "frontend", "backend", "frontend", "backend"]);
  expect(texts(lines)).toEqual([
    "b-1: first",
    "f-1: second",
    "b-1: third",
    "f-1: fourth",
    "b-1: fifth, by another clock",
  ]);
});

test("the server is asked for as much as is wanted", async () => {
  put(pod("b-1", "backend"));
  past("b-1", "backend", "&tailLines=5&sinceSeconds=60", `${at(1)} recent`);
  expect(texts(await readLogs(api, release, ["backend"], { tail: 5, sinceSeconds: 60 }))).toEqual(["b-1: recent"]);
});

test("of the run before a restart, where there was one", async () => {
  put(pod("b-1", "backend", { restarts: 1 }), pod("b-2", "backend"));
  past("b-1", "backend", "&previous=true", `${at(1)} last words`);
  past("b-2", "backend", "&previous=true", `${at(1)} of no run`);
  expect(texts(await readLogs(api, release, ["backend"], { previous: true }))).toEqual(["b-1: last words"]);
});

test("a container without a log yet is no fault, a missing right is", async () => {
  put(pod("b-1", "backend"));
  expect(await readLogs(api, release, ["backend"])).toEqual([]);
  server.refusals.add(`${pods}/b-1/log`);
  await expect(readLogs(api, release, ["backend"])).rejects.toThrow("was answered 403");
});

test("what is there is told once, and then what comes", async () => {
  put(pod("b-1", "backend"));
  past("b-1", "backend", "&tailLines=2", `${at(1)} one`, `${at(2)} two`);
  server.watches.set(`${pods}/b-1/log`, [[`${at(2)} two`, `${at(3)} three`, `${at(3)} at the same time`]]);
  server.watches.set(pods, [[{ type: "BOOKMARK", object: { metadata: { name: "" } } }]]);
  expect(await follow(4, { tail: 2 })).toEqual(["b-1: one", "b-1: two", "b-1: three", "b-1: at the same time"]);
});

test("a pod that comes with a rollout is followed from its first line, and one that starts again too", async () => {
  put(pod("b-1", "backend"));
  server.watches.set(`${pods}/b-1/log`, [[`${at(1)} of old`, null], [`${at(3)} started again`]]);
  server.watches.set(`${pods}/b-2/log`, [[`${at(2)} of new`]]);
  server.watches.set(`${pods}/b-3/log`, [[`${at(2)} of one that is gone`]]);
  server.watches.set(pods, [
    [
      { type: "ADDED", object: { metadata: { name: "b-2", labels: {} } } },
      { type: "MODIFIED", object: pod("b-2", "backend") },
      { type: "MODIFIED", object: pod("b-2", "backend") },
      { type: "DELETED", object: pod("b-3", "backend") },
      { type: "MODIFIED", object: pod("b-1", "backend", { id: "b-1-2", restarts: 1 }) },
    ],
  ]);
  const seen = await follow(3);
  expect(seen.sort()).toEqual(["b-1: of old", "b-1: started again", "b-2: of new"]);
});

test("a connection that breaks is made again where it broke; a run that ended is left", async () => {
  put(pod("b-1", "backend"), pod("b-2", "backend", { running: false }));
  server.watches.set(`${pods}/b-1/log`, [
    [`${at(1)} before`, null],
    [`${at(1)} before`, `${at(2)} after`],
  ]);
  server.watches.set(`${pods}/b-2/log`, [[`${at(1)} the end`, null], [`${at(5)} never asked for`]]);
  server.watches.set(pods, [[], [{ type: "ERROR", object: { metadata: { name: "" } } }]]);
  const seen = await follow(3);
  expect(seen.sort()).toEqual(["b-1: after", "b-1: before", "b-2: the end"]);
  expect(server.watches.get(`${pods}/b-2/log`)).toHaveLength(1);
});

test("what the kubelet says in place of a log is no line of it, and what comes after it is told", async () => {
  put(pod("b-1", "backend"));
  const excuse = "unable to retrieve container logs for containerd://b-1-1";
  server.watches.set(`${pods}/b-1/log`, [[excuse, null], [`${at(1)} one`]]);
  server.watches.set(pods, [[{ type: "MODIFIED", object: pod("b-1", "backend") }]]);
  expect(await follow(1)).toEqual(["b-1: one"]);
});
