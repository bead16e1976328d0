import { type Check, missing, ok, warn } from "../check.ts";
import type { Examination } from "../examination.ts";
import { startService } from "../operatingSystem.ts";

/** Whether the engine answers. */
export const dockerEngine: Check = {
  name: "Docker engine",
  why: "Images are built in it, and the local cluster runs in it.",
  look: async (at) => {
    const answer = await at.engine();
    if ("engine" in answer) return ok(`${answer.engine.ServerVersion}, answers`);
    const { machine } = at;
    const remote = machine.env.DOCKER_HOST !== undefined && !machine.env.DOCKER_HOST.startsWith("unix:");
    if (machine.platform === "linux" && machine.isRoot && !remote)
      return warn(answer.problem, "npm run up installs and starts one");
    return missing(answer.problem, remedy(at, answer.problem, remote));
  },
};

function remedy({ system, machine, exists }: Examination, problem: string, remote: boolean): string {
  if (remote) return `DOCKER_HOST names another engine (${machine.env.DOCKER_HOST}): start that, or: unset DOCKER_HOST`;
  if (system.kind === "macos") {
    return "Start Docker Desktop: open -a Docker   (or without it: brew install colima docker && colima start --cpu 2 --memory 4)";
  }
  if (system.kind === "wsl" && !exists("/run/systemd/system")) {
    return "Start Docker Desktop in Windows and switch on Settings > Resources > WSL integration, or: sudo service docker start";
  }
  if (/permission denied/i.test(problem)) return "See the line about the permission";
  if (/no docker command/.test(problem)) return "See the line about the client";
  return startService(system, "docker", exists("/run/systemd/system"));
}
