import { withLock } from "../support/lock.ts";
import type { Machine } from "../support/machine.ts";
import { checkConfiguration } from "./checkConfiguration.ts";
import { showManifestDiff } from "./manifestDiff/show.ts";
import { openProgram, type Program } from "./programs.ts";
import { readSettings, type StackSettings, writeEffectiveStack } from "./settings.ts";
import { parseStackArgs, prepare } from "./up.ts";
import { decideWay } from "./way.ts";

/**
 * `npm run preview`: what `up` would change, resource by resource and in the cluster object by object. A local stack's
 * cluster is started for it, because only a cluster can tell; a production stack is previewed before anything of it exists,
 * under the rules of `policy/`.
 */
export async function preview(args: readonly string[], machine: Machine): Promise<number> {
  const { stack, extra } = parseStackArgs(args);
  return withLock(machine, "preview", async () => {
    const configured = await readSettings(machine.root, stack);
    const { program, settings } = configured.production
      ? await openProduction(machine, configured)
      : await prepare(machine, stack);
    const steps = await program.preview(extra);
    // Whoever asks the CLI for JSON wants nothing else behind it.
    if (!extra.some((argument) => /^(--json(=true)?|-j)$/.test(argument)))
      await showManifestDiff(machine, settings, steps);
    return 0;
  });
}

async function openProduction(
  machine: Machine,
  settings: StackSettings,
): Promise<{ program: Program; settings: StackSettings }> {
  await checkConfiguration(machine, settings);
  const way = await decideWay(machine, settings);
  machine.log(way.line);
  const stackFile = await writeEffectiveStack(machine, settings, {});
  return { program: await openProgram(machine, way, { settings, stackFile }), settings };
}
