import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { up } from "../../../commands/deploy/up.ts";
import { ApiServer } from "../../support/apiServer.ts";
import { fetchWhereDeployed, TestMachine } from "../support/machine.ts";

const server = await ApiServer.start();
let on: TestMachine;

const nodes = "/api/v1/nodes";
const nodesThatAre = (status: string) => ({ items: [{ status: { conditions: [{ type: "Ready", status }] } }] });

beforeEach(async () => {
  server.reset();
  server.objects.set(nodes, nodesThatAre("True"));
  on = new TestMachine({
    fetch: fetchWhereDeployed(() => on),
  });
  on.install("pulumi", "minikube", "docker");
  on.pointContext("minikube", server.url);
  await up([], on.machine);
  on.remove("calls");
});

afterEach(() => on.dispose());

const askedMinikube = () => on.read("calls").includes("minikube status");

test("a cluster that was just seen to stand is not asked for again before an update", async () => {
  await expect(up([], on.machine)).resolves.toBe(0);
  expect(on.calls().at(-1)).toMatch(/^pulumi up /);
  expect(askedMinikube()).toBe(false);
});

test.each<[string, () => void]>([
  ["whose API server does not answer", () => server.objects.delete(nodes)],
  ["whose kubelet is not at work", () => server.objects.set(nodes, nodesThatAre("Unknown"))],
  ["whose page does not answer", () => on.remove("deployed")],
  ["that the stack no longer means", () => on.write("checkout/.state/deployed.local.json", record("existing"))],
])("a cluster %s is made ready as at the first time", async (_case, change) => {
  change();
  await expect(up([], on.machine)).resolves.toBe(0);
  expect(askedMinikube()).toBe(true);
});

const record = (cluster: string) => JSON.stringify({ program: "pulumi", cluster, configuredContext: "other" });

test("a stack that its backend in files has is not asked of the CLI", async () => {
  const folder = "checkout/.state/pulumi/.pulumi/stacks/todo-stack";
  await up([], on.machine);
  expect(on.calls().some((call) => call.includes("stack select"))).toBe(true);
  mkdirSync(join(on.folder, folder), { recursive: true });
  on.write(`${folder}/local.json`, "{}");
  on.remove("calls");
  await up([], on.machine);
  expect(on.calls()).toEqual([expect.stringMatching(/^pulumi up /)]);
});
