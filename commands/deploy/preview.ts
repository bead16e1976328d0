import { withLock } from "../support/lock.ts";
import type { Machine } from "../support/machine.ts";
import { openProgram } from "./programs.ts";
import { readSettings, writeEffectiveStack } from "./settings.ts";
import { parseStackArgs, prepare } from "./up.ts";
import { decideWay } from "./way.ts";

/**
 * `npm run preview`: what `up` would change. A local stack's cluster is started for it, because only a cluster can tell; a
 * production stack is previewed before anything of it exists.
 */
export async function preview(args: readonly string[], machine: Machine): Promise<number> {
  const { stack, extra } = parseStackArgs(args);
  return withLock(machine, "preview", async () => {
    const settings = await readSettings(machine.root, stack);
    const program = settings.production
      ? await openProduction(machine, stack)
      : (await prepare(machine, stack)).program;
    await program.preview(extra);
    return 0;
  });
}

async function openProduction(machine: Machine, stack: string) {
  const settings = await readSettings(machine.root, stack);
  const way = await decideWay(machine, settings);
  machine.log(way.line);
  return openProgram(machine, way, { settings, stackFile: await writeEffectiveStack(machine, settings, {}) });
}
