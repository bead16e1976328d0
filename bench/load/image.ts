import { UserError } from "../../commands/support/errors.ts";
import type { Machine } from "../../commands/support/machine.ts";
import { run } from "../../commands/support/run.ts";
import { catalog } from "../../commands/tools/catalog.ts";
import { reachDockerHub } from "../../commands/tools/reach.ts";

/** The image of the load inside the cluster, of the same version as the one outside. */
export const loadImage = `grafana/k6:${catalog.k6.version}`;

/**
 * Makes sure that the engine has the load generator's image: the one that is there, the official one, or where Docker Hub
 * cannot be reached, one made of the program compiled from its Go module. `startLoad` puts it on the nodes.
 *
 * @throws UserError where none can be had.
 */
export async function ensureLoadImage(machine: Machine, log: (line: string) => void): Promise<void> {
  const { env } = machine;
  const present = await run("docker", ["image", "inspect", loadImage], { env, allowFailure: true });
  if (present.code === 0) return;
  const hub = await reachDockerHub(machine);
  if (hub.ok) {
    log(`pulling ${loadImage}`);
    await run("docker", ["pull", "--quiet", loadImage], { env });
    return;
  }
  if (machine.platform !== "linux") {
    throw new UserError(
      `Docker Hub cannot be reached for ${loadImage}: ${hub.reason}.`,
      `Bring it in another way: docker load, or docker pull <mirror>/${loadImage} and docker tag`,
    );
  }
  await (await machine.sandbox()).toolImageFromSource("k6", loadImage, log);
}
