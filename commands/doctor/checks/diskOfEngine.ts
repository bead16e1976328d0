import { nearestExisting } from "../../machine/disk.ts";
import { type Check, ok } from "../check.ts";
import { tellSpace } from "../space.ts";

/** What a first run writes there: images, Minikube's own image or the sandbox, build caches; in bytes. */
const comfortable = 10e9;

/** Room where the engine keeps its data. */
export const diskOfEngine: Check = {
  name: "Disk of the engine",
  why: "Images, build caches and the cluster's volumes are there; a full one stops builds and the database.",
  look: async ({ engine, machine, system, exists }) => {
    const answer = await engine();
    if (!("engine" in answer)) return ok("not asked: the engine does not answer");
    const folder = answer.engine.DockerRootDir ?? "/var/lib/docker";
    // In a virtual machine or on another host that folder is not ours to look at.
    const elsewhere = machine.platform !== "linux" || machine.env.DOCKER_HOST !== undefined;
    if (elsewhere || (system.kind === "wsl" && !exists(folder))) return ok(`${folder} is in the engine's own machine`);
    const free = await machine.freeBytes(nearestExisting(folder));
    return tellSpace(
      free,
      comfortable,
      folder,
      "docker system prune   (asks first; --all also images that no container uses)",
    );
  },
};
