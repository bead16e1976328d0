import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Machine } from "../../support/machine.ts";
import { run } from "../../support/run.ts";
import { readRecordTime } from "../record.ts";

/** What a deployment is made of: the shipped application, the chart, the images' own files, and the program. */
const ingredients = ["apps", "chart", "docker", "components", "index.ts", "Pulumi.yaml"];

/**
 * Whether a file was written after the last update began, by the files' times alone. It spares an update the look whether
 * anything changed at all, and is never taken for an answer: a file may be written and be the same, be deleted, or keep an
 * older time, and what git does not list is not looked at.
 */
export async function wasEdited(machine: Machine, stack: string): Promise<boolean> {
  const since = await readRecordTime(machine, stack);
  if (since === undefined) return false;
  const args = [
    "ls-files",
    "--cached",
    "--others",
    "--exclude-standard",
    "-z",
    "--",
    ...ingredients,
    `Pulumi.${stack}.yaml`,
  ];
  const { code, stdout } = await run("git", args, { cwd: machine.root, env: machine.env, allowFailure: true });
  if (code !== 0) return false;
  const files = stdout.split("\0").filter((file) => file !== "");
  const times = await Promise.all(files.map((file) => stat(join(machine.root, file)).catch(() => undefined)));
  return times.some((time) => (time?.mtimeMs ?? 0) > since);
}
