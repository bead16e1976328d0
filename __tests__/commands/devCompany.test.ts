import { beforeEach, expect, test } from "@jest/globals";
import { keepCompany } from "../../commands/dev/company.ts";
import { ApiServer } from "../support/apiServer.ts";

const server = await ApiServer.start();
const pods = "/api/v1/namespaces/todo/pods";
const labels = { "app.kubernetes.io/component": "backend" };

beforeEach(() => server.reset());

const podAs = (name: string, conditions: readonly object[], extra: object = {}) => ({
  metadata: { name, labels, ...extra },
  status: { conditions, containerStatuses: [{ name: "backend", containerID: `${name}-1`, state: { running: {} } }] },
});
const ready = [{ type: "Ready", status: "True" }];

/** Keeps company until a line was told. */
async function told(last: string): Promise<string[]> {
  const [lines, end] = [[] as string[], new AbortController()];
  const say = (line: string): void => {
    lines.push(line);
    if (line.includes(last)) end.abort();
  };
  const api = await server.client();
  const late = setTimeout(() => end.abort(), 4000);
  await keepCompany(api, { namespace: "todo", releaseName: "todo" }, { say, colours: false }, end.signal);
  clearTimeout(late);
  return lines;
}

test("each change of a pod's state is told once, and what the services write with their names", async () => {
  server.objects.set(pods, { metadata: { resourceVersion: "7" }, items: [podAs("todo-backend-old", ready)] });
  const events = [
    { type: "ADDED", object: podAs("todo-backend-new", []) },
    { type: "MODIFIED", object: podAs("todo-backend-new", []) },
    { type: "MODIFIED", object: podAs("todo-backend-new", ready) },
    { type: "MODIFIED", object: podAs("todo-backend-old", ready, { deletionTimestamp: "2026-01-01T00:00:00Z" }) },
    { type: "DELETED", object: podAs("todo-backend-old", []) },
  ];
  // The logs and the states have a watch each.
  server.watches.set(pods, [events, events]);
  server.watches.set(`${pods}/todo-backend-new/log`, [['2026-01-01T00:00:01Z {"level":"info","message":"serving"}']]);
  const lines = await told("todo-backend-old: gone");
  expect(lines.filter((line) => line.startsWith("todo-"))).toEqual([
    "todo-backend-old: ready",
    "todo-backend-new: running, not ready",
    "todo-backend-new: ready",
    "todo-backend-old: ending",
    "todo-backend-old: gone",
  ]);
});

test("a line of a service carries its name", async () => {
  server.objects.set(pods, { metadata: { resourceVersion: "7" }, items: [podAs("todo-backend-abcde", ready)] });
  server.watches.set(`${pods}/todo-backend-abcde/log`, [['2026-01-01T00:00:01Z {"level":"info","message":"serving"}']]);
  expect((await told("serving")).at(-1)).toMatch(/^backend +abcde \| .* info +serving/);
});

test("a server that refuses at first is asked again", async () => {
  server.refusals.add(pods);
  setTimeout(() => {
    server.refusals.clear();
    server.objects.set(pods, { metadata: {}, items: [podAs("todo-backend-later", ready)] });
  }, 300);
  expect(await told("later: ready")).toContain("todo-backend-later: ready");
});
