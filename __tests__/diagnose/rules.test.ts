import { expect, test } from "@jest/globals";
import { causes, diagnose } from "../../commands/diagnose/diagnose.ts";
import { cases } from "./support/cases.ts";
import {
  ago,
  all,
  container,
  drifted,
  ended,
  event,
  inCluster,
  notReady,
  podNames,
  runOf,
  unanswered,
  unscheduled,
  waits,
  withoutPod,
  working,
  workload,
  wrote,
} from "./support/facts.ts";

const codes = (facts: typeof working): string[] => diagnose(facts).map(({ code }) => code);

test("nothing is found in a deployment that works", () => {
  expect(diagnose(working)).toEqual([]);
});

test.each(cases)("$code is named first where $what", ({ code, facts }) => {
  const [first] = diagnose(facts(working));
  expect(first?.code).toBe(code);
  expect(first?.evidence.length).toBeGreaterThan(0);
  expect(first?.evidence.length).toBeLessThanOrEqual(2);
  for (const line of first?.evidence ?? []) expect(line).toMatch(/^\S.{0,330}$/);
  expect(first?.next).toMatch(/^(npm run |kubectl --context minikube|docker |date )/);
});

test("each cause has a case", () => {
  expect([...new Set(cases.map(({ code }) => code))].sort()).toEqual([...causes].sort());
});

const databaseDown = all(
  withoutPod("database"),
  workload("StatefulSet/todo-database", { wanted: 0, present: 0, ready: 0 }),
);

test("a dead database comes before the backend that waits for it, and the page comes last", () => {
  const facts = all(unanswered(), notReady("The database cannot be reached ([Errno 111])."), databaseDown)(working);
  expect(codes(facts)).toEqual(["scaled-to-zero", "database-unreachable", "page-unanswered"]);
});

test("a database without its volume comes before the migration that gave up on it", () => {
  const facts = all(
    ended("backend", 1, "Error", "migrate"),
    wrote(
      "backend",
      { before: "migration failed: the database at todo-database:5432/todo did not answer within 60 s" },
      "migrate",
    ),
    unscheduled("database", "pod has unbound immediate PersistentVolumeClaims"),
    unanswered(),
  )(working);
  expect(codes(facts)).toEqual(["volume-pending", "database-unreachable", "page-unanswered"]);
});

test("a node that is not ready comes before its pods, and a stopped cluster before all", () => {
  const ill = inCluster(({ nodes }) => ({
    nodes: nodes.map((one) => ({
      ...one,
      status: { conditions: [{ type: "Ready", status: "False", reason: "KubeletNotReady" }] },
    })),
  }));
  const facts = all(ill, databaseDown, unscheduled("backend", "1 node(s) had untolerated taint(s)"))(working);
  expect(codes(facts)[0]).toBe("node-not-ready");
  const stopped = cases.find(({ code }) => code === "cluster-stopped");
  const both = all(stopped?.facts ?? ((same) => same), (one) => ({
    ...one,
    page: { ...one.page, otherListener: "nginx" },
  }))(working);
  expect(codes(both)).toEqual(["cluster-stopped", "port-taken"]);
});

test("a page that cannot answer, because its cluster is stopped, is not told of", () => {
  const stopped = cases.find(({ code }) => code === "cluster-stopped");
  expect(stopped && codes(stopped.facts(working))).toEqual(["cluster-stopped"]);
});

test("broken DNS comes before the names that are not found because of it", () => {
  const facts = all(
    inCluster(() => ({ dns: { ready: 0, deployment: "coredns" } })),
    container("backend", { state: { running: { startedAt: ago(30) } } }, "migrate"),
    wrote(
      "backend",
      { now: "waiting for the database at todo-database:5432/todo: [Errno -3] Temporary failure in name resolution" },
      "migrate",
    ),
  )(working);
  expect(codes(facts)).toEqual(["dns-down", "database-unreachable"]);
});

test("two causes in two parts are both told, the one that others stand on first", () => {
  const facts = all(waits("frontend", "ErrImageNeverPull"), ended("backend", 137, "OOMKilled"))(working);
  expect(codes(facts)).toEqual(["out-of-memory", "image-not-on-node"]);
});

test("an interrupted update comes behind the crash that it was interrupted by", () => {
  const pending = inCluster(() => ({ revisions: [{ revision: 2, status: "pending-upgrade", since: ago(60) }] }));
  expect(codes(all(pending, ended("backend", 1))(working))).toEqual(["crash", "release-pending"]);
});

test("what a probe ended is no crash", () => {
  const killed = all(
    ended("backend", 137),
    event(`Pod/${podNames.backend}`, "Unhealthy", "Liveness probe failed: HTTP probe failed with statuscode: 404"),
    event(`Pod/${podNames.backend}`, "Killing", "Container backend failed liveness probe, will be restarted"),
  );
  expect(codes(killed(working))).toEqual(["probe-path"]);
});

test("what has passed is not told: an old restart, an old event, a start that was slow", () => {
  const old = { exitCode: 137, reason: "OOMKilled", finishedAt: ago(4000) };
  const facts = all(
    container("backend", {
      ready: true,
      restartCount: 4,
      state: { running: { startedAt: ago(3900) } },
      lastState: { terminated: old },
    }),
    event(`Pod/${podNames.database}`, "Unhealthy", "Startup probe failed: ", 300),
    event(`Pod/${podNames.frontend}`, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 404", 5),
  )(working);
  expect(codes(facts)).toEqual([]);
});

test("what somebody changed by hand is put back by an update, and that is said", () => {
  const [first] = diagnose(all(ended("backend", 1), drifted("Deployment todo-backend was changed by hand"))(working));
  expect(first).toMatchObject({ code: "crash", next: "npm run up" });
  expect(first?.advice).toContain("Deployment todo-backend was changed by hand");
  const [deployed] = diagnose(ended("backend", 1)(working));
  expect(deployed?.next).toBe(
    `kubectl --context minikube --namespace todo logs ${podNames.backend} --container backend --tail 50 --previous`,
  );
});

test("of a production stack the commands name the stack, and a local engine is no matter", () => {
  const production = cases.find(({ code }) => code === "release-pending")?.facts(working) ?? working;
  const facts = { ...production, stack: { ...production.stack, name: "prod", production: true } };
  expect(diagnose(facts)[0]).toMatchObject({ code: "release-pending", next: "npm run up -- --stack prod" });
});

/** A pod of a further service that ended badly. */
function failedPod(name: string, component: string, reason: string) {
  const [pod] = working.objects?.pods.filter(({ metadata }) => metadata.name === podNames.frontend) ?? [];
  if (pod === undefined) throw new Error("no frontend");
  const ended = { terminated: { reason, exitCode: 1, finishedAt: ago(5) } };
  return {
    ...pod,
    metadata: { ...pod.metadata, name, labels: { "app.kubernetes.io/component": component } },
    spec: { ...pod.spec, containers: pod.spec.containers.map((one) => ({ ...one, name: component })) },
    status: {
      ...pod.status,
      containerStatuses: [{ name: component, ready: false, restartCount: 3, state: ended, lastState: ended }],
    },
  };
}

test("a further service is judged as the others, and mended by its own values", () => {
  const facts = inCluster(({ pods }) => ({ pods: [...pods, failedPod("todo-worker-a-b", "worker", "OOMKilled")] }))(
    working,
  );
  const [first] = diagnose(facts);
  expect(first).toMatchObject({
    code: "out-of-memory",
    title: expect.stringContaining("The worker needs more memory"),
  });
  expect(first?.next).toContain("values.services.worker.resources.limits.memory 1Gi");
  const crashed = inCluster(({ pods }) => ({ pods: [...pods, failedPod("todo-worker-a-b", "worker", "Error")] }))(
    working,
  );
  expect(diagnose(crashed)[0]).toMatchObject({ code: "crash", title: "The worker ends as soon as it starts." });
});

test("a pod that does not serve is told before one that does again", () => {
  const again = failedPod("todo-worker-a-1", "worker", "Error");
  const [status] = again.status.containerStatuses;
  const serving = { ...status, name: "worker", ready: true, state: { running: { startedAt: ago(5) } } };
  const both = inCluster(({ pods }) => ({
    pods: [
      ...pods,
      { ...again, status: { ...again.status, containerStatuses: [serving] } },
      failedPod("todo-worker-b-2", "worker", "Error"),
    ],
  }))(working);
  expect(diagnose(both)[0]).toMatchObject({ code: "crash", about: "pod todo-worker-b-2" });
});

test("of a scheduled job the newest run counts, and of that one how it ended", () => {
  const tried = (hours: number) => failedPod(`todo-nightly-${hours}-x`, "nightly", "OOMKilled");
  const runs = (...jobs: ReturnType<typeof runOf>[]) =>
    codes(
      inCluster(({ pods, workloads }) => ({
        pods: [...pods, tried(1), tried(2)],
        workloads: [...workloads, ...jobs],
      }))(working),
    );
  expect(runs(runOf("nightly", 2, { failed: true }), runOf("nightly", 1, { failed: true }))).toEqual(["out-of-memory"]);
  expect(runs(runOf("nightly", 2, { failed: true }), runOf("nightly", 1, { ready: 1 }))).toEqual([]);
});
