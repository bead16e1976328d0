import { removeStandIns } from "./bases/standIns.ts";
import { removeClusters } from "./cluster/removeCluster.ts";
import { isRunningByUs, stopDaemon } from "./engine/daemon.ts";
import { docker, findBuildingClient, tryDocker } from "./engine/docker.ts";
import type { Log } from "./support/log.ts";

/** What {@link removeAll} removes besides the sandboxes. */
export interface RemoveOptions {
  /** The stand-ins for base images and the node image too; default: false, they are caches. */
  images?: boolean;
  /** Stop the engine if `ensureEngine` started it and no other containers run in it; default: true. */
  engine?: boolean;
}

/** Removes everything that the sandbox has started on this machine; caches stay. */
export async function removeAll(log: Log, { images = false, engine = true }: RemoveOptions = {}): Promise<void> {
  if ((await findBuildingClient()) && (await tryDocker(["version"])).code === 0) {
    await removeClusters(log);
    if (images) await removeStandIns(log);
    const others = await docker(["ps", "--format", "{{.Names}}"]);
    if (engine && others && (await isRunningByUs())) {
      log(`The Docker engine stays: other containers run in it (${others.split("\n").join(", ")}).`);
      return;
    }
  }
  if (engine) await stopDaemon(log);
}
