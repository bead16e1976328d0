import { findVersion, isAtLeast } from "../../tools/versions.ts";
import { type Check, ok, warn } from "../check.ts";
import { install } from "../operatingSystem.ts";

/** The machine's own Node.js, beside the one that runs this. */
export const node: Check = {
  name: "Node.js",
  why: "It runs the program; types are stripped from 22.18 on.",
  look: async ({ find, ask, system }) => {
    const path = find("node");
    const { stdout } = path === undefined ? { stdout: "" } : await ask(path, ["--version"]);
    const own = findVersion(stdout);
    const runs = process.versions.node;
    if (own === undefined || isAtLeast(own, [22, 18, 0])) return ok(runs);
    const remedy = install(system, { macos: "node", other: "https://nodejs.org/en/download" });
    return warn(
      `${runs}, brought by the commands; the machine's own ${own.join(".")} is too old`,
      system.family === "macos" ? remedy : "https://nodejs.org/en/download, or with nvm: nvm install 24",
    );
  },
};
