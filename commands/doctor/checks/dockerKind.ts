import { type Check, ok, warn } from "../check.ts";
import type { EngineFacts } from "../engineFacts.ts";

/** Where the engine runs: here, in a virtual machine, without root, on another machine. */
export const dockerKind: Check = {
  name: "Docker kind",
  why: "An engine elsewhere, or without root, has other ports, paths and limits than this machine.",
  look: async ({ engine, machine }) => {
    const answer = await engine();
    if (!("engine" in answer)) return ok("not asked: the engine does not answer");
    const host = machine.env.DOCKER_HOST ?? "";
    if (/^(ssh|tcp):/.test(host)) {
      return warn(
        `an engine on another machine (${host})`,
        "The page's port is published there and not here: unset DOCKER_HOST, or forward the port",
      );
    }
    if (isRootless(answer.engine)) {
      return warn(
        "rootless",
        "Give it cgroup delegation: https://docs.docker.com/engine/security/rootless/#limiting-resources, and for Minikube: minikube config set rootless true",
      );
    }
    return ok(kindOf(answer.engine));
  },
};

function isRootless({ SecurityOptions = [] }: EngineFacts): boolean {
  return SecurityOptions.some((option) => option.includes("rootless"));
}

function kindOf({ OperatingSystem = "", Name = "" }: EngineFacts): string {
  if (/Docker Desktop/.test(OperatingSystem)) return "Docker Desktop, a virtual machine";
  if (/colima|lima|rancher|orbstack/i.test(`${Name} ${OperatingSystem}`)) return `a virtual machine (${Name})`;
  return OperatingSystem === "" ? "on this machine" : `on this machine (${OperatingSystem})`;
}
