import { type Check, missing, ok } from "../check.ts";
import { asRoot } from "../operatingSystem.ts";

/** Whether this user may use the engine's socket. */
export const dockerPermission: Check = {
  name: "Docker permission",
  why: "The engine's socket is open to root and to one group alone.",
  look: async ({ engine, system }) => {
    const answer = await engine();
    if ("engine" in answer) return ok("this user may use the engine");
    if (!/permission denied/i.test(answer.problem)) return ok("not asked: the engine does not answer at all");
    const group = system.family === "alpine" ? "addgroup $USER docker" : "usermod -aG docker $USER";
    return missing(
      "this user may not use the engine's socket",
      `${asRoot(system, group)}   then log in again, or: newgrp docker`,
    );
  },
};
