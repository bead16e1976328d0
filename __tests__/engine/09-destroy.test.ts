import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";
import { eventually } from "../e2e/support/deployment.ts";
import { describeEngine, EngineStack } from "./support/stack.ts";

describeEngine("the end of the local stack", () => {
  const on = new EngineStack();

  test("destroy leaves nothing on the cluster and none of our images on its node", async () => {
    await on.destroy();
    const state = JSON.parse(await on.exportedState()) as { deployment: { resources?: unknown[] } };
    expect(state.deployment.resources ?? []).toEqual([]);
    expect(await on.kubectl("get", "namespaces", "--output", "name")).not.toContain("namespace/todo\n");
    await eventually(async () => {
      expect((await on.kubectl("get", "persistentvolumes", "--output", "name")).trim()).toBe("");
    }, 30);
    const list = ["exec", on.context, "ctr", "-n", "k8s.io", "images", "list", "-q"];
    expect((await promisify(execFile)("docker", list)).stdout).not.toContain("library/todo-");
  });
});
