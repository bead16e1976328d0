import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { StackStatus } from "../../commands/status/collect.ts";
import { renderStatus } from "../../commands/status/render.ts";
import { readServices } from "../../commands/status/services.ts";
import { status } from "../../commands/status/status.ts";
import { ApiServer } from "../support/apiServer.ts";
import { deployOn, labelsOf } from "./support/deployed.ts";
import { fetchOf, pageUrl, TestMachine } from "./support/machine.ts";

const server = await ApiServer.start();
const apps = "/apis/apps/v1/namespaces/todo";
const pods = "/api/v1/namespaces/todo/pods";
let on: TestMachine;
let page = true;

beforeEach(() => {
  server.reset();
  page = true;
  on = new TestMachine({ fetch: fetchOf((url) => (page && url.startsWith(pageUrl) ? 200 : undefined)) });
  deployOn(on, server);
  putRelease("deployed");
  put();
});
afterEach(() => on.dispose());

function takePageAway(): void {
  page = false;
}

function putRelease(state: string): void {
  const labels = { version: "3", status: state, modifiedAt: String(Date.parse("2026-01-01T00:00:00Z") / 1000) };
  server.objects.set("/api/v1/namespaces/todo/secrets", { items: [{ metadata: { name: "v3", labels } }] });
}

function workload(
  component: string,
  counts: { ready?: number; updated?: number; observed?: number; all?: number } = {},
) {
  const { ready = 2, updated = 2, observed = 4, all = 2 } = counts;
  const containers = [
    { name: "proxy", image: "proxy:1" },
    { name: component, image: `todo-${component}:1.0.0-aaa` },
  ];
  return {
    metadata: { generation: 4, labels: labelsOf(component) },
    spec: { replicas: 2, template: { spec: { containers } } },
    status: { observedGeneration: observed, replicas: all, readyReplicas: ready, updatedReplicas: updated },
  };
}

function pod(name: string, component: string, container: Record<string, unknown> = {}, metadata = {}) {
  return {
    metadata: { name, labels: labelsOf(component), ...metadata },
    status: { containerStatuses: [{ name: component, ready: true, restartCount: 0, ...container }] },
  };
}

function put(counts = {}, ...items: ReturnType<typeof pod>[]): void {
  server.objects.set(`${apps}/deployments`, { items: [workload("backend", counts), workload("frontend")] });
  server.objects.set(`${apps}/statefulsets`, { items: [workload("database")] });
  server.objects.set(pods, { items });
}

async function look(): Promise<{ code: number; found: StackStatus }> {
  const before = on.lines().join("\n").length;
  const code = await status(["--json"], on.machine);
  return { code, found: JSON.parse(on.lines().join("\n").slice(before)) as StackStatus };
}

test("all is well", async () => {
  const { code, found } = await look();
  expect(code).toBe(0);
  expect(found).toMatchObject({
    stack: "local",
    healthy: true,
    cluster: { context: "minikube", kind: "existing", namespace: "todo" },
    release: { name: "todo", revision: 3, status: "deployed", since: "2026-01-01T00:00:00.000Z" },
    page: { url: pageUrl },
  });
  expect(found.services.map(({ service }) => service)).toEqual(["frontend", "backend", "database"]);
  expect(found.services[1]).toMatchObject({ desired: 2, ready: 2, updated: 2, image: "todo-backend:1.0.0-aaa" });
});

test.each([
  ["a pod that is not ready", () => put({ ready: 1 })],
  ["a pod of the template before", () => put({ updated: 1 })],
  ["a new pod beside the former ones, which cannot go yet", () => put({ all: 3 })],
  ["a template that was not looked at yet", () => put({ observed: 3 })],
  ["a release that was left halfway", () => putRelease("pending-upgrade")],
  ["a page that does not answer", () => takePageAway()],
  [
    "nothing but a release",
    () => ["deployments", "statefulsets"].forEach((kind) => void server.objects.delete(`${apps}/${kind}`)),
  ],
])("%s is not well", async (_, hurt) => {
  hurt();
  expect(await look()).toMatchObject({ code: 1, found: { healthy: false } });
});

test("pods have their state and restarts, in Kubernetes' own words", async () => {
  put(
    {},
    pod("b-1", "backend", { restartCount: 2, lastState: { terminated: { exitCode: 1 } } }),
    pod("b-2", "backend", { ready: false, state: { waiting: { reason: "CrashLoopBackOff" } } }),
    pod("b-3", "backend", { ready: false, state: { running: {} } }),
    pod("b-4", "backend", {}, { deletionTimestamp: "2026-01-01T00:00:00Z" }),
    pod("f-1", "frontend", { ready: false, state: { waiting: { reason: "ContainerCreating" } } }),
  );
  const services = await readServices(await server.client(), { namespace: "todo", releaseName: "todo" });
  const backend = services.find(({ service }) => service === "backend");
  expect(backend?.restarts).toBe(2);
  expect(backend?.pods.map(({ state }) => state)).toEqual(["Ready", "CrashLoopBackOff", "NotReady", "Ending"]);
  expect(services[0]?.pods[0]?.state).toBe("Starting");
});

const told: StackStatus = {
  stack: "local",
  healthy: false,
  cluster: { context: "hy", kind: "sandbox", namespace: "todo" },
  release: { name: "todo", revision: 3, status: "deployed", since: "2026-01-01T00:00:00.000Z" },
  services: [
    {
      service: "backend",
      desired: 2,
      ready: 1,
      updated: 2,
      former: 0,
      image: "todo-backend:1.0.0-aaa",
      restarts: 4,
      pods: [{ name: "b-1", state: "CrashLoopBackOff", restarts: 4 }],
    },
  ],
  jobs: [],
  page: { url: pageUrl, problem: undefined },
  edited: [{ service: "backend", runs: "1.0.0-aaa", sources: "1.0.0-bbb" }],
};

test("one screen for people", () => {
  expect(renderStatus(told, false, Date.parse("2026-01-01T00:05:00Z"))).toEqual([
    'Stack "local" is not healthy.',
    "",
    "Cluster   hy (sandbox), namespace todo",
    "Release   todo, revision 3, deployed 5 min ago",
    `Page      ${pageUrl}   answers`,
    "Sources   differ from what runs: backend (1.0.0-bbb). Deploy them: npm run up",
    "",
    "SERVICE  READY  UPDATED  RESTARTS  IMAGE",
    "backend  1/2    2/2      4         todo-backend:1.0.0-aaa",
    "  b-1: CrashLoopBackOff, started again 4 times",
    "",
    "Why, and what to do: npm run diagnose",
  ]);
  const job = { service: "nightly", schedule: "0 3 * * *", last: "failed", since: "2026-01-01T00:00:00Z" } as const;
  const jobs = [
    { ...job, suspended: false },
    { service: "weekly", schedule: "@weekly", last: "none", suspended: true } as const,
  ];
  expect(renderStatus({ ...told, jobs }, false, Date.parse("2026-01-01T00:05:00Z")).slice(10, 14)).toEqual([
    "",
    "SCHEDULED  SCHEDULE             LAST RUN",
    "nightly    0 3 * * *            failed 5 min ago",
    "weekly     @weekly (suspended)  none yet",
  ]);
  const well = renderStatus({ ...told, healthy: true, edited: undefined, release: undefined }, false).join("\n");
  expect(well).toContain("Sources   not compared");
  expect(well).toContain("Release   none");
  expect(well).not.toContain("diagnose");
});

test("further services are told after those of every release", async () => {
  server.objects.set(`${apps}/deployments`, { items: [workload("worker"), workload("backend"), workload("frontend")] });
  const { found } = await look();
  expect(found.services.map(({ service }) => service)).toEqual(["frontend", "backend", "database", "worker"]);
  server.objects.set(`${apps}/deployments`, {
    items: [workload("worker", { ready: 0 }), workload("backend"), workload("frontend")],
  });
  expect(await look()).toMatchObject({ code: 1 });
});

const batch = "/apis/batch/v1/namespaces/todo";

function putJobs(...outcomes: (readonly [began: string, condition?: string])[]): void {
  const spec = { schedule: "0 3 * * *" };
  server.objects.set(`${batch}/cronjobs`, { items: [{ metadata: { name: "todo-n", labels: labelsOf("n") }, spec }] });
  server.objects.set(`${batch}/jobs`, {
    items: [
      { metadata: { creationTimestamp: "2027-01-01T00:00:00Z" }, status: {} },
      ...outcomes.map(([creationTimestamp, type]) => ({
        metadata: { creationTimestamp, ownerReferences: [{ kind: "CronJob", name: "todo-n" }] },
        status: { conditions: type === undefined ? [] : [{ type, status: "True" }] },
      })),
    ],
  });
}

test("a scheduled job is as well as its newest run", async () => {
  const [first, second] = ["2026-01-01T03:00:00Z", "2026-01-02T03:00:00Z"];
  const job = { service: "n", schedule: "0 3 * * *", suspended: false };
  putJobs();
  expect(await look()).toMatchObject({ code: 0, found: { jobs: [{ ...job, last: "none" }] } });
  putJobs([second, "Failed"], [first, "Complete"]);
  expect(await look()).toMatchObject({ code: 1, found: { jobs: [{ ...job, last: "failed", since: second }] } });
  putJobs([first, "Failed"], [second]);
  expect(await look()).toMatchObject({ code: 0, found: { jobs: [{ ...job, last: "running", since: second }] } });
  putJobs([first, "Failed"], [second, "Complete"]);
  expect(await look()).toMatchObject({ code: 0, found: { jobs: [{ ...job, last: "succeeded" }] } });
});

test("a watch goes on where the cluster is away for a moment, and ends with its signal", async () => {
  server.refusals.add(pods);
  expect(await status(["--watch"], on.machine, AbortSignal.timeout(300))).toBe(1);
  expect(on.lines().join("\n")).toContain("was answered 403");
});
