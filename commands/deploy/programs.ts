import { homedir } from "node:os";
import { join } from "node:path";
import type { ResourceStep, RunnerOptions } from "../../sandbox/runner/types.ts";
import type { Machine } from "../support/machine.ts";
import { ensureTool, findOnPath } from "../tools/install.ts";
import { guardBeforeRefresh } from "./clusterGuard.ts";
import { readSteps } from "./manifestDiff/events.ts";
import * as cli from "./pulumi.ts";
import type { StackSettings } from "./settings.ts";
import type { Way } from "./way.ts";

/** What deploying came to. */
export interface Deployed {
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly changed: boolean;
}

/** The one program, under the Pulumi CLI or under the runner. */
export interface Program {
  readonly up: (extra: readonly string[]) => Promise<Deployed>;
  /** Says what an update would do, and gives back its steps. */
  readonly preview: (extra: readonly string[]) => Promise<readonly ResourceStep[]>;
  readonly destroy: (extra: readonly string[]) => Promise<void>;
  /** Forgets the stack without asking its cluster. */
  readonly forget: () => Promise<void>;
}

/** Brings what the chosen way needs to run the program on a stack. */
export async function openProgram(
  machine: Machine,
  way: Way,
  { settings, stackFile }: { settings: StackSettings; stackFile: string },
): Promise<Program> {
  const { stack } = settings;
  if (way.program === "runner") return underRunner(machine, await runnerOptions(machine, stack, stackFile));
  const pulumi = await ensureTool(machine, "pulumi");
  await cli.preparePulumi(machine);
  const opened = { pulumi, stack, stackFile };
  await cli.ensureStack(machine, settings.project, opened);
  const policies = settings.production ? await preparePolicies(machine) : [];
  return underPulumi(machine, { ...opened, policies }, () => guardBeforeRefresh(machine, settings, opened));
}

/**
 * The arguments by which the CLI holds the policy pack against production. It renders the chart, and so needs Helm; where
 * none can be brought, the pack itself refuses, with the remedy.
 */
async function preparePolicies(machine: Machine): Promise<readonly string[]> {
  await ensureTool(machine, "helm3").catch(() => undefined);
  return ["--policy-pack", "policy"];
}

/** A stack with the arguments of its policies; a stack that has none is told of no violation. */
interface GuardedStack extends cli.PulumiStack {
  readonly policies: readonly string[];
}

/**
 * Refreshes each resource when the program comes to it, not all of them in a round before, which starts every provider once more:
 * https://www.pulumi.com/docs/iac/cli/commands/pulumi_up/
 */
const refreshAlongside = "--run-program";

function underPulumi(machine: Machine, stack: GuardedStack, guard: () => Promise<void>): Program {
  const operate = async (args: readonly string[]): Promise<void> => {
    await guard();
    await cli.operate(machine, stack, args);
  };
  return {
    up: async (extra) => {
      // `npm run preview` is the preview; a second one here would only take time. Policies need it: they refuse an update
      // before anything is changed.
      const preview = stack.policies.length === 0 ? ["--skip-preview"] : [];
      await operate(["up", "--yes", refreshAlongside, ...preview, ...stack.policies, ...extra]);
      const [outputs, unchanged] = await Promise.all([
        cli.readOutputs(machine, stack),
        cli.lastUpdateChangedNothing(machine, stack),
      ]);
      return { outputs, changed: !unchanged };
    },
    preview: async (extra) => {
      await guard();
      return readSteps(
        await cli.previewWithEvents(machine, stack, ["--diff", refreshAlongside, ...stack.policies, ...extra]),
      );
    },
    destroy: (extra) => operate(["destroy", "--yes", "--skip-preview", ...extra]),
    forget: () => cli.removeStack(machine, stack),
  };
}

function underRunner(machine: Machine, options: RunnerOptions): Program {
  const { log } = machine;
  return {
    up: async () => {
      const { runProgram } = await machine.runner();
      const { outputs, changed, summary } = await log.step("Deploying", (line) =>
        runProgram({ ...options, log: line }),
      );
      if (changed && summary !== "") log(summary);
      return { outputs, changed };
    },
    preview: async () => {
      log("A preview that compares with a state needs the Pulumi CLI; this is what the engine and the cluster tell.");
      const { previewProgram } = await machine.runner();
      const { changed, summary, steps } = await previewProgram(options);
      log(changed ? summary : "Nothing would change.");
      return steps;
    },
    destroy: async () => {
      const { destroyProgram } = await machine.runner();
      const { summary } = await log.step("Removing the deployment", (line) =>
        destroyProgram({ ...options, log: line }),
      );
      if (summary !== "") log(summary);
    },
    forget: async () => undefined,
  };
}

/** What the runner needs to run the program on a stack. */
export async function runnerOptions(machine: Machine, stack: string, stackFile: string): Promise<RunnerOptions> {
  const home = machine.env.HOME ?? homedir();
  return {
    stack,
    stackFile,
    kubeconfig: machine.env.KUBECONFIG ?? join(home, ".kube", "config"),
    docker: findOnPath(machine.env, "docker") ?? "docker",
    helm: await ensureTool(machine, "helm3"),
    kubectl: await ensureTool(machine, "kubectl"),
    log: machine.log,
  };
}
