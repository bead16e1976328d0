import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Check, missing, ok } from "../check.ts";
import { install } from "../operatingSystem.ts";

/** The npm that starts the commands. */
export const npm: Check = {
  name: "npm",
  why: "It starts the commands and installs their packages.",
  look: async ({ find, read, machine, system }) => {
    // npm takes half a second to tell its version, and has told it already.
    const told = /npm\/(\S+)/.exec(machine.env.npm_config_user_agent ?? "")?.[1];
    if (told !== undefined) return ok(told);
    const path = find("npm");
    if (path === undefined) {
      const remedy = install(system, {
        debian: "npm",
        macos: "node",
        other: "It comes with Node.js: https://nodejs.org/en/download",
      });
      return missing("not on PATH", remedy);
    }
    const manifest = await read(join(dirname(realpathSync(path)), "..", "package.json"));
    const { version } = JSON.parse(manifest ?? "{}") as { version?: string };
    return ok(version === undefined ? path : `${version} (${path})`);
  },
};
