import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { listServices } from "../../../commands/logs/containers.ts";
import { logs, parseLogArgs } from "../../../commands/logs/logs.ts";
import { UsageError } from "../../../commands/support/errors.ts";
import { ApiServer } from "../../support/apiServer.ts";
import { deployOn, labelsOf } from "../support/deployed.ts";
import { TestMachine } from "../support/machine.ts";

const server = await ApiServer.start();
const pods = "/api/v1/namespaces/todo/pods";
let on: TestMachine;

beforeEach(() => {
  server.reset();
  on = new TestMachine();
});
afterEach(() => on.dispose());

function putBackend(): void {
  const metadata = { name: "todo-backend-a-b", labels: labelsOf("backend") };
  const status = { containerStatuses: [{ name: "backend", containerID: "c1", state: { running: {} } }] };
  server.objects.set(pods, { metadata: { resourceVersion: "1" }, items: [{ metadata, status }] });
  server.objects.set(`${pods}/todo-backend-a-b/log`, "2026-01-01T00:00:00Z hello\n");
}

test("what the containers have written", async () => {
  deployOn(on, server);
  putBackend();
  expect(await logs(["backend", "--raw"], on.machine)).toBe(0);
  expect(on.lines()).toEqual(["hello"]);
});

test("following ends with its signal", async () => {
  deployOn(on, server);
  putBackend();
  server.watches.set(pods, [[{ type: "BOOKMARK", object: { metadata: { name: "" } } }]]);
  server.watches.set(`${pods}/todo-backend-a-b/log`, [["2026-01-01T00:00:01Z more"]]);
  expect(await logs(["-f", "--raw"], on.machine, AbortSignal.timeout(400))).toBe(0);
  expect(on.lines()).toEqual(["hello", "more"]);
});

test("a stack in the sandbox is found where its last up has put it, with no variable set", async () => {
  deployOn(on, server);
  putBackend();
  mkdirSync(join(on.machine.cache, "sandbox/boxed"), { recursive: true });
  on.write("cache/sandbox/boxed/kubeconfig", on.read("kubeconfig").replaceAll('"minikube"', '"boxed"'));
  on.write("checkout/.state/deployed.local.json", JSON.stringify({ program: "runner", cluster: "sandbox" }));
  on.write("checkout/.state/Pulumi.yaml", on.read("checkout/Pulumi.yaml"));
  on.write("checkout/.state/Pulumi.local.yaml", "config:\n  todo-stack:context: boxed\n");
  delete on.machine.env.KUBECONFIG;
  expect(await logs(["backend", "--raw"], on.machine)).toBe(0);
  expect(on.lines()).toEqual(["hello"]);
});

test("nothing to show says so, with the next command", async () => {
  deployOn(on, server);
  putBackend();
  server.objects.delete(`${pods}/todo-backend-a-b/log`);
  await expect(logs(["backend", "--since", "5m"], on.machine)).rejects.toMatchObject({
    message: "There is no log line of backend in that time.",
    remedy: "Whether they run: npm run status",
  });
  await expect(logs(["-p"], on.machine)).rejects.toThrow("has started again");
});

test("what the kubelet says of a container that it has removed is no line of its log", async () => {
  deployOn(on, server);
  putBackend();
  server.objects.set(`${pods}/todo-backend-a-b/log`, "unable to retrieve container logs for containerd://c1");
  await expect(logs(["backend"], on.machine)).rejects.toThrow("There is no log line of backend");
});

test("a stack that is not deployed, and a cluster that does not answer", async () => {
  await expect(logs([], on.machine)).rejects.toMatchObject({ remedy: "Deploy it: npm run up" });
  deployOn(on, server);
  on.write("kubeconfig", on.read("kubeconfig").replace(server.url, "http://127.0.0.1:9"));
  await expect(logs([], on.machine)).rejects.toMatchObject({
    message: expect.stringContaining("does not answer"),
    remedy: "Start it: npm run up",
  });
});

test("whose lines are shown", () => {
  expect(parseLogArgs([]).services).toEqual([]);
  expect(parseLogArgs(["database", "all"]).services).toEqual([]);
  expect(parseLogArgs(["backend", "frontend"]).services).toEqual(["backend", "frontend"]);
});

test("the services are those that the release has, further ones and scheduled jobs too", async () => {
  const made = (...components: string[]) => ({
    items: components.map((one) => ({ metadata: { labels: labelsOf(one) } })),
  });
  server.objects.set("/apis/apps/v1/namespaces/todo/deployments", made("worker", "backend", "frontend"));
  server.objects.set("/apis/batch/v1/namespaces/todo/cronjobs", made("nightly"));
  const release = { namespace: "todo", releaseName: "todo" };
  expect(await listServices(await server.client(), release)).toEqual(["frontend", "backend", "nightly", "worker"]);
  server.refusals.add("/apis/apps/v1/namespaces/todo/deployments");
  server.objects.delete("/apis/batch/v1/namespaces/todo/cronjobs");
  expect(await listServices(await server.client(), release)).toEqual(["frontend", "backend", "database"]);
});

test("a further service's lines carry its name", async () => {
  deployOn(on, server);
  const metadata = { name: "todo-recommender-a-b", labels: labelsOf("recommender") };
  const status = { containerStatuses: [{ name: "recommender", containerID: "c1", state: { running: {} } }] };
  server.objects.set("/apis/apps/v1/namespaces/todo/deployments", { items: [{ metadata }] });
  server.objects.set(pods, { metadata: { resourceVersion: "1" }, items: [{ metadata, status }] });
  server.objects.set(`${pods}/todo-recommender-a-b/log`, "2026-01-01T00:00:00Z hello\n");
  expect(await logs(["recommender"], on.machine)).toBe(0);
  expect(on.lines()).toEqual(["recommender b | hello"]);
  await expect(logs(["backend"], on.machine)).rejects.toThrow(
    'There is no service "backend". There are: recommender, all.',
  );
});

test("a service that is not there is told with those that are", async () => {
  deployOn(on, server);
  await expect(logs(["bakend"], on.machine)).rejects.toThrow(UsageError);
  await expect(logs(["bakend"], on.machine)).rejects.toThrow(
    'There is no service "bakend". There are: frontend, backend, database, all.',
  );
});

test("how much is shown", () => {
  const amount = (...args: string[]) => {
    const { tail, sinceSeconds } = parseLogArgs(args);
    return { tail, sinceSeconds };
  };
  expect(amount()).toEqual({ tail: 100, sinceSeconds: undefined });
  expect(amount("--since", "1h30m")).toEqual({ tail: undefined, sinceSeconds: 5400 });
  expect(amount("--since", "2d", "-n", "5")).toEqual({ tail: 5, sinceSeconds: 172_800 });
  expect(amount("--tail", "all")).toEqual({ tail: undefined, sinceSeconds: undefined });
  expect(amount("--tail", "0")).toEqual({ tail: 0, sinceSeconds: undefined });
});

test.each([
  [["--tail", "many"], '--tail is "many"'],
  [["--since", "10"], '--since is "10"; it can be a time span such as 90s'],
  [["--json", "--raw"], "exclude each other"],
  [["-f", "-p"], "--previous is about a run that has ended"],
])("%j is told to be wrong", (args, message) => {
  expect(() => parseLogArgs(args)).toThrow(UsageError);
  expect(() => parseLogArgs(args)).toThrow(message);
});

test("a stack that is not known is told with the known ones", async () => {
  await expect(logs(["--stack", "prd"], on.machine)).rejects.toThrow(UsageError);
  await expect(logs(["--stack", "prd"], on.machine)).rejects.toThrow(
    'There is no stack "prd" (no file Pulumi.prd.yaml). There are: local, prod.',
  );
});
