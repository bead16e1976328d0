import { ensureDisk, ensureEngineDisk } from "../machine/disk.ts";
import { type Engine, ensureEngine, useSandboxEngine } from "../machine/engine.ts";
import type { Machine } from "../support/machine.ts";
import { checkConfiguration } from "./checkConfiguration.ts";
import { type ReadyCluster, startCluster } from "./cluster.ts";
import type { StackSettings } from "./settings.ts";
import { decideWay, type Way } from "./way.ts";

/** What an update stands on: an engine that answers, disks with room, and a cluster that runs. */
export interface Ground {
  readonly way: Way;
  readonly cluster: ReadyCluster;
}

/**
 * Checks the machine, chooses the way, and starts what does not run yet.
 *
 * @throws UserError with what is missing and its remedy.
 */
export async function makeGround(machine: Machine, configured: StackSettings): Promise<Ground> {
  if (configured.production) await checkConfiguration(machine, configured);
  await ensureDisk(machine, [machine.root, machine.cache]);
  const way = await decideWay(machine, configured);
  machine.log(way.line);
  const engine = await engineOf(machine, way);
  await ensureEngineDisk(machine, engine);
  const cluster: ReadyCluster = configured.production
    ? { settings: configured, overrides: {} }
    : await startCluster(machine, configured, way, engine);
  return { way, cluster };
}

/** The sandbox brings a client that can build with its engine, also where another engine answers. */
async function engineOf(machine: Machine, way: Way): Promise<Engine> {
  if (way.cluster === "sandbox" && machine.platform === "linux") {
    await machine.log.step("Docker engine", (log) => useSandboxEngine(machine, log));
  }
  return ensureEngine(machine);
}
