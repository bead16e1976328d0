import { type Check, ok, warn } from "../check.ts";

/** The version of the engine's control groups. */
export const cgroups: Check = {
  name: "cgroups",
  why: "Kubernetes sets pods' limits by them, and its newer versions refuse version 1.",
  look: async ({ engine, system }) => {
    const answer = await engine();
    if (!("engine" in answer)) return ok("not asked: the engine does not answer");
    const version = answer.engine.CgroupVersion ?? "2";
    if (version !== "1") return ok(`version ${version}`);
    const remedy =
      system.kind === "wsl"
        ? "kernelCommandLine = cgroup_no_v1=all under [wsl2] in %UserProfile%\\.wslconfig, then in Windows: wsl --shutdown"
        : "Boot with systemd.unified_cgroup_hierarchy=1 on the kernel's command line: https://kubernetes.io/docs/concepts/architecture/cgroups/";
    return warn("version 1", remedy);
  },
};
