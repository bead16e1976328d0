import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { collectFacts } from "../../commands/diagnose/collectFacts.ts";
import { diagnoseCommand } from "../../commands/diagnose/command.ts";
import { TestMachine } from "../commands/support/machine.ts";
import { ApiServer } from "../support/apiServer.ts";

const password = "s3cret-password-of-the-database";
const pod = "todo-backend-1";
const base = "/api/v1/namespaces/todo";

let server: ApiServer;
let stand: TestMachine;

beforeAll(async () => {
  server = await ApiServer.start();
});
beforeEach(() => {
  server.reset();
  server.objects.set("/version", { major: "1" });
  stand = new TestMachine();
  const { root } = stand.machine;
  writeFileSync(join(root, "Pulumi.prod.yaml"), "config:\n  todo-stack:context: far\n");
  const kubeconfig = {
    contexts: [{ name: "far", context: { cluster: "far", user: "me" } }],
    clusters: [{ name: "far", cluster: { server: server.url } }],
    users: [{ name: "me", user: {} }],
  };
  mkdirSync(join(stand.folder, "kube"));
  stand.machine.env.KUBECONFIG = join(stand.folder, "kube", "config");
  writeFileSync(stand.machine.env.KUBECONFIG, JSON.stringify(kubeconfig));
});
afterEach(() => stand.dispose());

/** A backend that crashes, and writes its password as it does. */
function crashing(): void {
  const ended = { terminated: { exitCode: 1, reason: "Error", finishedAt: new Date().toISOString() } };
  const status = { name: "backend", ready: false, restartCount: 2, state: { waiting: { reason: "CrashLoopBackOff" } } };
  const labels = { "app.kubernetes.io/component": "backend" };
  const env = [{ name: "PLAIN", value: `also ${password}` }];
  const spec = { containers: [{ name: "backend", image: "ghcr.io/acme/todo-backend:1", env }] };
  const containerStatuses = [{ ...status, lastState: ended }];
  server.objects.set(`${base}/pods`, {
    items: [{ metadata: { name: pod, labels }, spec, status: { containerStatuses } }],
  });
  server.objects.set(`${base}/pods/${pod}/log`, `error: login failed with ${password}`);
  const data = { DATABASE_PASSWORD: Buffer.from(password).toString("base64") };
  server.objects.set(`${base}/secrets`, { items: [{ type: "Opaque", metadata: { name: "database" }, data }] });
  const ofHelm = encodeURIComponent("owner=helm,name=todo");
  server.objects.set(`${base}/secrets?labelSelector=${ofHelm}`, { items: [] });
  server.objects.set(base, { metadata: { name: "todo" }, status: { phase: "Active" } });
}

test("what the cluster holds is collected, with the values of its Secrets masked, and nothing is changed", async () => {
  crashing();
  const facts = await collectFacts(stand.machine, "prod");
  expect(facts.objects?.logs[`${pod}/backend`]?.before).toContain("login failed with (masked)");
  expect(JSON.stringify(facts)).not.toContain(password);
  expect(facts.objects?.pods[0]?.spec.containers[0]).not.toHaveProperty("env");
  expect(server.changes).toEqual([]);
});

test("where Secrets may not be read, logs are left out, and that is said", async () => {
  crashing();
  server.refusals.add(`${base}/secrets`);
  const facts = await collectFacts(stand.machine, "prod");
  expect(facts.objects?.logs).toEqual({});
  expect(facts.unread.join("\n")).toMatch(/secrets: .*403.*\n.*logs: /s);
  expect(JSON.stringify(facts)).not.toContain(password);
});

test("a cluster that does not answer is a fact, and ends with 1", async () => {
  server.refusals.add("/version");
  const facts = await collectFacts(stand.machine, "prod");
  expect(facts.cluster).toMatchObject({ status: 403 });
  expect(facts.objects).toBeUndefined();
  expect(await diagnoseCommand(["--stack", "prod"], stand.machine)).toBe(1);
  expect(stand.lines()[0]).toMatch(/^Likely cause: .*\[cluster-refuses\]$/);
});

test("JSON has the findings and the facts; a stack that there is not is a wrong call", async () => {
  crashing();
  expect(await diagnoseCommand(["--stack", "prod", "--json"], stand.machine)).toBe(1);
  const told = JSON.parse(stand.lines().join("\n")) as { findings: { code: string }[]; facts: object };
  expect(told.facts).toHaveProperty("objects");
  expect(told.findings.map(({ code }) => code)).toContain("crash");
  expect(await diagnoseCommand(["--stack", "nowhere"], stand.machine)).toBe(2);
});
