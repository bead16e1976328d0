import { ensureDisk } from "../../machine/disk.ts";
import { askEngine } from "../../machine/engine.ts";
import type { Machine } from "../../support/machine.ts";
import { placeInSandbox } from "../cluster.ts";
import { waitForPage } from "../page.ts";
import type { StackSettings } from "../settings.ts";
import type { Way } from "../way.ts";
import { Doubt } from "./doubt.ts";

/**
 * Whether all that comes before the program is done: disks with room, an engine, a cluster that runs, a page that answers.
 * Everything is asked at once; nothing is started.
 *
 * @param configured - The settings of the committed file.
 * @param moved - The same as the way's cluster has them.
 * @throws Doubt, or what failed.
 */
export async function lookAtMachine(
  machine: Machine,
  way: Way,
  { configured, moved }: { readonly configured: StackSettings; readonly moved: StackSettings },
): Promise<void> {
  const sandbox = way.cluster === "sandbox" ? lookAtSandbox(machine, configured) : undefined;
  const page = waitForPage(machine, { url: `http://127.0.0.1:${moved.nodePort}`, own: moved.own }, 0);
  const [answer, missing] = await Promise.all([
    askEngine(machine),
    page,
    ensureDisk(machine, [machine.root, machine.cache]),
    sandbox,
  ]);
  if (missing !== undefined) throw new Doubt(missing);
  if (!("engine" in answer)) throw new Doubt(answer.problem);
  if (machine.platform === "linux" && machine.env.DOCKER_HOST === undefined)
    await ensureDisk(machine, [answer.engine.rootFolder]);
}

/** The API server of every other cluster is asked by the program itself. */
async function lookAtSandbox(machine: Machine, settings: StackSettings): Promise<void> {
  const { name, first } = placeInSandbox(machine, settings);
  const { isStanding } = await machine.sandbox();
  if (!(await isStanding({ name, nodePort: first }))) throw new Doubt(`the sandbox "${name}" is not ready`);
}
