import { findVersion, isAtLeast } from "../../tools/versions.ts";
import { type Check, ok, warn } from "../check.ts";

/** The machine's Helm. */
export const helm: Check = {
  name: "Helm",
  why: "A preview renders the chart with it; deploying needs none.",
  look: async ({ find, ask }) => {
    const path = find("helm3") ?? find("helm");
    if (path === undefined) return ok("not here; npm run preview brings one");
    const { stdout } = await ask(path, ["version", "--short"]);
    const version = findVersion(stdout);
    // A preview needs --skip-schema-validation, which came with 3.16.
    if (version === undefined || isAtLeast(version, [3, 16, 0])) return ok(`${version?.join(".") ?? "?"} (${path})`);
    return warn(
      `${version.join(".")} (${path}) is too old`,
      "npm run preview brings one for itself: https://helm.sh/docs/intro/install/",
    );
  },
};
