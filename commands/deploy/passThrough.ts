import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "../support/machine.ts";
import { run } from "../support/run.ts";
import { ensureTool } from "../tools/install.ts";
import { useDeployedCluster } from "./cluster.ts";
import { ensureStack, preparePulumi } from "./pulumi.ts";
import { readSettings, writeEffectiveStack } from "./settings.ts";

/**
 * `npm run pulumi`: the CLI with this checkout's backend and passphrase. A stack that has a file is there to be configured,
 * also before its first preview.
 */
export async function passThrough(args: readonly string[], machine: Machine): Promise<number> {
  const pulumi = await ensureTool(machine, "pulumi");
  await preparePulumi(machine);
  await useDeployedCluster(machine, "local");
  if (args[0] === "config") await ensureConfigured(machine, pulumi, stackOf(args));
  const { code } = await run(pulumi, args, { cwd: machine.root, env: machine.env, inherit: true, allowFailure: true });
  return code;
}

async function ensureConfigured(machine: Machine, pulumi: string, stack: string | undefined): Promise<void> {
  const file = `Pulumi.${stack}.yaml`;
  // What the state folder has of a stack is the work of `up` or `preview`, which have made it.
  if (stack === undefined || !existsSync(join(machine.root, file)) || existsSync(join(machine.state, file))) return;
  const settings = await readSettings(machine.root, stack);
  const stackFile = await writeEffectiveStack(machine, settings, {});
  await ensureStack(machine, settings.project, { pulumi, stack, stackFile });
}

function stackOf(args: readonly string[]): string | undefined {
  const index = args.findIndex((argument) => /^(--stack|-s)(=|$)/.test(argument));
  if (index === -1) return undefined;
  const [, joined] = args[index]?.split("=") ?? [];
  return joined ?? args[index + 1];
}
