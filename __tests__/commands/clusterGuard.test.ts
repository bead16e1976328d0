import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { down } from "../../commands/deploy/down.ts";
import { preview } from "../../commands/deploy/preview.ts";
import { up } from "../../commands/deploy/up.ts";
import { ApiServer } from "../support/apiServer.ts";
import { fetchWhereDeployed, TestMachine } from "./support/machine.ts";

const server = await ApiServer.start();
let on: TestMachine;

beforeEach(() => {
  server.reset();
  on = new TestMachine({
    fetch: fetchWhereDeployed(() => on),
  });
  on.install("pulumi", "minikube", "docker");
});

afterEach(() => {
  delete process.env.TODO_STACK_ACCEPT_CLUSTER;
  on.dispose();
});

/** The state of a production stack that was deployed to the cluster of this UID. */
function deployedTo(uid: string): void {
  const inputs = { context: "far-away", server: "https://before", uid };
  const type = "pulumi-nodejs:dynamic/todo-stack:ClusterIdentity";
  on.write("state", JSON.stringify({ deployment: { resources: [{ type, inputs }] } }));
}

const operations = () => on.calls().filter((call) => /^pulumi (up|preview|destroy)/.test(call));

test("a local stack whose context leads elsewhere is refused before the CLI could refresh", async () => {
  on.pointContext("minikube", "https://203.0.113.7:6443");
  await expect(up([], on.machine)).rejects.toThrow(/leads to https:\/\/203\.0\.113\.7:6443.*Nothing was changed/s);
  await expect(preview([], on.machine)).rejects.toThrow(/Nothing was changed/);
  expect(operations()).toEqual([]);
});

test("a production stack whose context leads to another cluster is refused: up, preview and down, with --yes too", async () => {
  on.pointContext("far-away", server.url);
  deployedTo("uid-of-another");
  for (const operation of [up, preview])
    await expect(operation(["--stack", "prod"], on.machine)).rejects.toThrow(/another cluster.*Nothing was changed/s);
  on.write("checkout/.state/deployed.prod.json", JSON.stringify({ program: "pulumi", cluster: "existing" }));
  await expect(down(["--stack", "prod", "--yes"], on.machine)).rejects.toThrow(/another cluster/);
  expect(operations()).toEqual([]);
});

test("the same cluster, and one that was accepted by its UID, pass", async () => {
  on.pointContext("far-away", server.url);
  deployedTo("uid-of-the-cluster");
  await up(["--stack", "prod"], on.machine);
  deployedTo("uid-of-another");
  process.env.TODO_STACK_ACCEPT_CLUSTER = "uid-of-the-cluster";
  await up(["--stack", "prod"], on.machine);
  expect(operations()).toHaveLength(2);
});

test("a namespace on its way out is waited for", async () => {
  on.pointContext("minikube", server.url);
  server.objects.set("/api/v1/namespaces/todo", { metadata: { name: "todo", deletionTimestamp: "now" } });
  const deployed = up([], on.machine);
  const waits = () => on.lines().join("\n").includes('The namespace "todo" is being deleted; waiting for it');
  while (!waits()) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(operations()).toEqual([]);
  server.objects.delete("/api/v1/namespaces/todo");
  await deployed;
  expect(operations()).toHaveLength(1);
});
