import { reachDockerHub } from "../../tools/reach.ts";
import { type Check, ok, warn } from "../check.ts";

/** Whether Docker Hub answers. */
export const dockerHub: Check = {
  name: "Docker Hub",
  why: "It has the base images and Minikube's own.",
  look: async ({ machine }) => {
    const { ok: reachable, reason } = await reachDockerHub(machine);
    if (reachable) return ok("reachable");
    const remedy = "npm run up takes the sandbox; mirrors of base images: stack configuration, key baseImages";
    return warn(`not reachable: ${reason}`, remedy);
  },
};
