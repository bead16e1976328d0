import { availableParallelism } from "node:os";
import { type Check, ok, warn } from "../check.ts";

/** Minikube's own least: https://minikube.sigs.k8s.io/docs/start/ */
const least = 2;

/** CPUs, of this machine and of the engine. */
export const cpu: Check = {
  name: "CPUs",
  why: "Kubernetes itself takes most of one; with less than two, rollouts run into their time limits.",
  look: async ({ engine, system }) => {
    const answer = await engine();
    const offered = "engine" in answer ? (answer.engine.NCPU ?? availableParallelism()) : availableParallelism();
    const found = `${availableParallelism()} here, ${offered} in the engine`;
    if (Math.min(offered, availableParallelism()) >= least) return ok(found);
    const desktop = "Docker Desktop > Settings > Resources, or: colima start --cpu 2";
    return warn(
      found,
      system.kind === "macos"
        ? desktop
        : `Give this machine ${least} CPUs (of WSL: processors=2 in %UserProfile%\\.wslconfig)`,
    );
  },
};
