import type { Log } from "../support/log.ts";
import type { Machine } from "../support/machine.ts";
import { run } from "../support/run.ts";
import { ensureTool } from "../tools/install.ts";
import { docker, inContainer, prepareEngine } from "./container.ts";
import { findLinted, type Linted } from "./lintedFiles.ts";
import { oneCheck } from "./report.ts";
import { commandStep, type TestStep } from "./step.ts";

/** hadolint, shellcheck and uv, none of which is an npm package. */
export const lintImage = "todo-lint";

/** The formatter's and linter's rules, and the types of the whole program. */
export const lintSteps: readonly TestStep[] = [
  commandStep("biome", "lint", "biome", ["check", "--error-on-warnings", "."]),
  commandStep("types", "lint", "tsc", ["--noEmit"]),
];

/** The rules for Dockerfiles and for shell scripts; every exception is listed in CONTRIBUTING.md. */
export const containerLintSteps: readonly TestStep[] = [
  containerLint("hadolint", ["hadolint", "--no-color"], ({ dockerfiles }) => dockerfiles),
  containerLint("shellcheck", ["shellcheck"], ({ scripts }) => scripts),
];

/** The rules for GitHub's workflows. Their scripts are files, which ShellCheck looks at by itself. */
export const workflowLintStep: TestStep = {
  name: "actionlint",
  room: "lint",
  run: async (machine, log) => {
    const actionlint = await ensureTool({ ...machine, log }, "actionlint");
    const { workflows } = await findLinted(machine.root);
    const args = ["-no-color", "-shellcheck=", "-pyflakes=", ...workflows];
    const { code, stdout, stderr } = await run(actionlint, args, {
      cwd: machine.root,
      env: machine.env,
      allowFailure: true,
    });
    return { counts: oneCheck(code === 0), output: stdout + stderr };
  },
};

function containerLint(
  name: string,
  command: readonly string[],
  files: (linted: Linted) => readonly string[],
): TestStep {
  return {
    name,
    room: "lint",
    run: async (machine, log) => {
      const checkout = { folder: machine.root, target: "/repository" };
      const linted = files(await findLinted(machine.root));
      await buildLintImage(machine, log);
      const { code, stdout, stderr } = await inContainer(machine, lintImage, checkout, [...command, ...linted]);
      return { counts: oneCheck(code === 0), output: stdout + stderr };
    },
  };
}

/** Takes a moment where nothing of it changed. */
export async function buildLintImage(machine: Machine, log: Log): Promise<void> {
  await prepareEngine(machine, log);
  await docker(machine, ["build", "--file", "docker/lint.Dockerfile", "--tag", lintImage, "."]);
}
