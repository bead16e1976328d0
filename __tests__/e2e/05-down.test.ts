import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";
import { ensureEngine } from "../../sandbox/index.ts";
import { Deployment, eventually } from "./support/deployment.ts";

const execute = promisify(execFile);
const deployment = new Deployment();
const { checkout } = deployment;

test("down takes the deployment away and leaves nothing of it on the cluster", async () => {
  const { context } = deployment;
  await checkout.succeed("down", "--", "--yes");
  const namespaces = await deployment.kubectl("get", "namespaces", "--output", "name");
  expect(namespaces).not.toContain(`namespace/${deployment.namespace}\n`);
  // The volume goes with the namespace, and what is behind it a moment later.
  await eventually(async () => {
    expect((await deployment.kubectl("get", "persistentvolumes", "--output", "name")).trim()).toBe("");
  }, 30);
  const nodeImages = ["exec", context, "ctr", "-n", "k8s.io", "images", "list", "-q"];
  if (context === "todo-e2e") expect((await execute("docker", nodeImages)).stdout).not.toContain("todo-");
  await expect(deployment.fetch("/")).rejects.toThrow();
});

test("down --all removes the cluster too", async () => {
  if (deployment.context !== "todo-e2e") return;
  await checkout.succeed("down", "--", "--all", "--yes");
  // It ends an engine that was started for it; what such an engine still holds shows when it runs again.
  await ensureEngine(() => undefined);
  const filter = ["--all", "--filter", "name=todo-e2e", "--format", "{{.Names}}"];
  expect((await execute("docker", ["ps", ...filter])).stdout.trim()).toBe("");
  expect((await execute("docker", ["volume", "ls", "--filter", "name=todo-e2e", "--quiet"])).stdout.trim()).toBe("");
  expect((await execute("docker", ["network", "ls", "--filter", "name=todo-e2e", "--quiet"])).stdout.trim()).toBe("");
});
