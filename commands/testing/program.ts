import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Machine } from "../support/machine.ts";
import { run } from "../support/run.ts";
import { ensureTool } from "../tools/install.ts";
import { countJest, oneCheck } from "./report.ts";
import type { Outcome, TestStep } from "./step.ts";

/** The Pulumi program under mocks, its pure parts, the rendered chart and the commands. */
export const programStep: TestStep = {
  name: "program",
  room: "program",
  run: async (machine, log) => {
    const [helm3, helm4] = [
      await ensureTool({ ...machine, log }, "helm3"),
      await ensureTool({ ...machine, log }, "helm4"),
    ];
    return runJest({ ...machine, env: { ...machine.env, HELM3: helm3, HELM4: helm4 } }, "program", []);
  },
};

/** Where a runner's machine-readable report goes. */
export async function reportFile(machine: Machine, name: string): Promise<string> {
  const file = join(machine.state, "reports", name);
  await mkdir(dirname(file), { recursive: true });
  await rm(file, { force: true });
  return file;
}

/** Runs jest and counts by its report. */
export async function runJest(
  machine: Machine,
  name: string,
  args: readonly string[],
  onLine?: (line: string) => void,
): Promise<Outcome> {
  const report = await reportFile(machine, `${name}.json`);
  const jest = join(machine.root, "node_modules", "jest", "bin", "jest.js");
  const all = [
    "--experimental-vm-modules",
    "--disable-warning=ExperimentalWarning",
    jest,
    "--json",
    `--outputFile=${report}`,
  ];
  const { stderr } = await run("node", [...all, ...args], {
    cwd: machine.root,
    env: machine.env,
    allowFailure: true,
    ...(onLine === undefined ? {} : { onLine }),
  });
  return outcomeOf(report, stderr);
}

/** A runner that leaves no report has failed as a whole. */
export async function outcomeOf(report: string, output: string): Promise<Outcome> {
  const text = await readFile(report, "utf8").catch(() => undefined);
  return { counts: text === undefined ? oneCheck(false) : countJest(text), output };
}
