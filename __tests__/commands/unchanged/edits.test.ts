import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { writeRecord } from "../../../commands/deploy/record.ts";
import { wasEdited } from "../../../commands/deploy/unchanged/edits.ts";
import { TestMachine } from "../support/machine.ts";

let on: TestMachine;

const source = "apps/backend/server.py";

/** Writes a file of the checkout that is so many seconds older than now, or newer. */
function writeAged(path: string, seconds: number): void {
  const file = join(on.machine.root, path);
  mkdirSync(dirname(file), { recursive: true });
  on.write(join("checkout", path), "");
  const time = Date.now() / 1000 + seconds;
  utimesSync(file, time, time);
}

const git = (...args: string[]) => execFileSync("git", args, { cwd: on.machine.root, stdio: "ignore" });

beforeEach(async () => {
  on = new TestMachine();
  on.machine.env.PATH = process.env.PATH;
  git("init");
  on.write("checkout/.gitignore", "__pycache__\n");
  for (const path of [source, "Pulumi.yaml", "Pulumi.local.yaml", "README.md"]) writeAged(path, -60);
  git("add", source);
  await writeRecord(on.machine, "local", { program: "pulumi", cluster: "existing", configuredContext: "" });
});

afterEach(() => on.dispose());

test.each<[string, () => void, boolean]>([
  ["nothing", () => undefined, false],
  ["a source file", () => writeAged(source, 1), true],
  ["a new file", () => writeAged("chart/templates/new.yaml", 1), true],
  ["the stack's configuration", () => writeAged("Pulumi.local.yaml", 1), true],
  ["another stack's configuration", () => writeAged("Pulumi.prod.yaml", 1), false],
  ["what is no part of a deployment", () => writeAged("README.md", 1), false],
  ["what git ignores", () => writeAged("apps/backend/__pycache__/server.pyc", 1), false],
  ["a source file, away", () => rmSync(join(on.machine.root, source)), false],
])("after the last update: %s", async (_case, change, edited) => {
  change();
  await expect(wasEdited(on.machine, "local")).resolves.toBe(edited);
});

test("nothing is known of a stack that was not deployed, or where there is no git", async () => {
  writeAged(source, 1);
  await expect(wasEdited(on.machine, "other")).resolves.toBe(false);
  on.machine.env.PATH = "/nowhere";
  await expect(wasEdited(on.machine, "local")).resolves.toBe(false);
});
