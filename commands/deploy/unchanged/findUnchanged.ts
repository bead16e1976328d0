import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "../../support/machine.ts";
import { prependPath } from "../../tools/install.ts";
import { placeInSandbox, sandboxKubeconfig } from "../cluster.ts";
import { runnerOptions } from "../programs.ts";
import { readRecord } from "../record.ts";
import { readSettings, type StackSettings, writeEffectiveStack } from "../settings.ts";
import { decideWay, type Way } from "../way.ts";
import { Doubt } from "./doubt.ts";
import { lookAtMachine } from "./standing.ts";
import { lookUnderPulumi } from "./underPulumi.ts";
import { lookUnderRunner } from "./underRunner.ts";

/** A deployment that is as an update would leave it. */
export interface Unchanged {
  readonly way: Way;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** How long the look may take, in milliseconds; on a busy machine it takes several times the second of a quiet one. */
const patience = 15_000;

/**
 * Looks whether an update would change anything, by asking the engine, the cluster and the state all at once, and changing
 * none of them. It believes nothing that it has not asked, and whatever is not a plain yes is left to the update itself,
 * which also says what is wrong.
 *
 * @param doubts - Takes why there was no plain yes.
 * @returns `undefined` where an update has, or might have, something to do.
 */
export async function findUnchanged(
  machine: Machine,
  stack: string,
  doubts: (why: unknown) => void = () => undefined,
): Promise<Unchanged | undefined> {
  const { PATH, KUBECONFIG, PULUMI_CONFIG_SECRET_KEYS } = machine.env;
  const clock = Promise.withResolvers<never>();
  const timer = setTimeout(() => clock.reject(new Doubt("it takes too long")), patience);
  try {
    return await Promise.race([look(machine, stack), clock.promise]);
  } catch (why) {
    doubts(why);
    restore(machine.env, { PATH, KUBECONFIG, PULUMI_CONFIG_SECRET_KEYS });
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

async function look(machine: Machine, stack: string): Promise<Unchanged> {
  const [configured, record] = await Promise.all([readSettings(machine.root, stack), readRecord(machine, stack)]);
  // What a production update refuses, it refuses before it looks whether there is anything to do.
  if (configured.production || record === undefined) throw new Doubt("it is production, or not deployed");
  const way = await decideWay(machine, configured);
  if (way.program !== record.program || way.cluster !== record.cluster) throw new Doubt("it would go another way");
  const { settings: moved, overrides } = reachCluster(machine, configured, way);
  const standing = lookAtMachine(machine, way, { configured, moved });
  standing.catch(() => undefined);
  const stackFile = await writeEffectiveStack(machine, configured, overrides);
  const program =
    way.program === "pulumi"
      ? lookUnderPulumi(machine, { settings: moved, stackFile })
      : runnerOptions(machine, stack, stackFile).then((options) => lookUnderRunner(machine, options));
  const [outputs] = await Promise.all([program, standing]);
  return { way, outputs };
}

/** Points this process at the way's cluster, as its start would. */
function reachCluster(machine: Machine, settings: StackSettings, way: Way) {
  if (way.cluster !== "sandbox") return { settings, overrides: {} };
  const { name, overrides, moved } = placeInSandbox(machine, settings);
  machine.env.KUBECONFIG = sandboxKubeconfig(machine, name);
  const client = join(machine.state, "bin");
  if (existsSync(client)) prependPath(machine.env, client);
  return { settings: moved, overrides };
}

function restore(env: NodeJS.ProcessEnv, before: NodeJS.ProcessEnv): void {
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) delete env[name];
    else env[name] = value;
  }
}
