import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";
import { stringify } from "yaml";
import { describeEngine, EngineStack } from "./support/stack.ts";

describeEngine("safety", () => {
  const on = new EngineStack();
  const { checkout } = on;

  test("a local stack whose context leads to another machine is refused, whatever --yes says", async () => {
    const name = on.context;
    const remote = join(checkout.folder, ".state", "remote");
    const clusters = [{ name, cluster: { server: "https://203.0.113.7:6443" } }];
    writeFileSync(remote, stringify({ clusters, contexts: [{ name, context: { cluster: name } }] }));
    const before = await resources(on);
    // A refresh would ask that machine first, and wait for it.
    const update = promisify(execFile)("pulumi", ["up", "--yes", "--refresh=false", "--stack", "local"], {
      cwd: checkout.folder,
      env: { ...process.env, KUBECONFIG: remote },
    });
    await expect(update).rejects.toMatchObject({
      stdout: expect.stringMatching(/leads to https:\/\/203\.0\.113\.7:6443.*Nothing was changed/s),
    });
    expect(await resources(on)).toEqual(before);
  });
});

async function resources(on: EngineStack): Promise<unknown> {
  const state = JSON.parse(await on.exportedState()) as { deployment: { resources: { urn: string; id?: string }[] } };
  return state.deployment.resources.map(({ urn, id }) => [urn, id]);
}
