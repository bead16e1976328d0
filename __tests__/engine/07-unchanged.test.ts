import { chmodSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "@jest/globals";
import { loseImages } from "./support/damage.ts";
import { describeEngine, EngineStack } from "./support/stack.ts";

/** The engine's first line of an update. */
const engineRan = /^Updating \(local\)/m;

describeEngine("npm run up answers without the engine where nothing changed, and nowhere else", () => {
  const on = new EngineStack();
  const { checkout } = on;
  const up = (): Promise<string> => checkout.succeed("up");

  beforeAll(async () => {
    await up();
  });

  test("nothing changed", async () => {
    const printed = await up();
    expect(printed).not.toMatch(engineRan);
    expect(printed.trimEnd().split("\n").slice(-2)).toEqual([expect.stringMatching(/^Nothing changed\./), on.url]);
  });

  /** The newest one: a state that an earlier suite lost has left others of the same beginning. */
  const named = async (kind: string, beginning: string): Promise<string> => {
    const names = await on.kubectl("get", kind, "--sort-by=.metadata.creationTimestamp", "--output", "name");
    return names.split("\n").findLast((name) => name.includes(`/${beginning}`)) ?? "";
  };
  const value = JSON.stringify({ data: { POSTGRES_PASSWORD: "eHh4" } });

  test.each<[string, () => unknown]>([
    ["an edited source file", () => checkout.append("apps/backend/src/todo/server.py", `# ${Date.now()}\n`)],
    [
      "an edited source file that keeps its time",
      () => {
        checkout.append("apps/backend/src/todo/server.py", `# ${Date.now()}\n`);
        utimesSync(join(checkout.folder, "apps/backend/src/todo/server.py"), 0, 0);
      },
    ],
    ["another mode of a source file", () => chmodSync(join(checkout.folder, "apps/backend/src/todo/server.py"), 0o600)],
    ["a chart template", () => checkout.append("chart/templates/NOTES.txt", "\n")],
    ["a value of the configuration", () => checkout.configure({ "env.UNCHANGED": "no" })],
    ["an output", () => checkout.replace("components/outputs.ts", "--follow", "--follow --timestamps")],
    ["a Secret that was deleted", async () => on.kubectl("delete", await named("secrets", "database-admin"))],
    [
      "a Secret that was edited",
      async () => on.kubectl("patch", await named("secrets", "database-admin"), "-p", value),
    ],
    ["a label of the namespace", () => on.kubectl("label", "namespace", on.namespace, "unchanged=no")],
    ["a Deployment that was scaled", () => on.kubectl("scale", "deployment/todo-frontend", "--replicas=2")],
    ["an image that the node has lost", () => loseImages({ engine: false })],
  ])("%s is the engine's to judge, and the next answer is fast again", async (_case, change) => {
    await change();
    expect(await up()).toMatch(engineRan);
    expect(await up()).not.toMatch(engineRan);
  });
});
