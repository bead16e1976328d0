import { type Check, ok, warn } from "../check.ts";

/** Drivers that copy whole layers, or that the engine has given up: https://docs.docker.com/engine/storage/drivers/select-storage-driver/ */
const poor: Readonly<Record<string, string>> = {
  vfs: "copies every layer as a whole, which is slow and fills the disk",
  devicemapper: "is given up by Docker",
  aufs: "is given up by Docker",
  overlay: "is given up by Docker",
};

/** How the engine keeps layers. */
export const dockerStorage: Check = {
  name: "Docker storage",
  why: "A storage driver that copies layers makes builds slow and the disk full.",
  look: async ({ engine }) => {
    const answer = await engine();
    if (!("engine" in answer)) return ok("not asked: the engine does not answer");
    const { Driver = "unknown" } = answer.engine;
    const reason = poor[Driver];
    if (reason === undefined) return ok(Driver);
    const remedy =
      'Put {"storage-driver": "overlay2"} into /etc/docker/daemon.json and restart the engine (its images are built again)';
    return warn(`${Driver}: ${reason}`, remedy);
  },
};
