import { catalog } from "../../tools/catalog.ts";
import { findVersion } from "../../tools/versions.ts";
import { type Check, ok, warn } from "../check.ts";
import { toolOrDownload } from "../tool.ts";

/** The machine's kubectl, held against the cluster's version. */
export const kubectl: Check = {
  name: "kubectl",
  why: "More than one minor version away from the cluster it is not supported: https://kubernetes.io/releases/version-skew-policy/#kubectl",
  look: async ({ machine, find, ask, cluster }) => {
    const path = find("kubectl");
    const own = path === undefined ? undefined : findVersion((await ask(path, catalog.kubectl.versionArgs)).stdout);
    if (own === undefined) return toolOrDownload(machine, "kubectl", "npm run up builds it from its Go module");
    const reached = await cluster().catch(() => undefined);
    const told = await reached?.api.get<{ gitVersion?: string }>("/version").catch(() => undefined);
    const server = findVersion(told?.gitVersion ?? "");
    const found = `${own.join(".")} (${path})`;
    if (server === undefined || Math.abs(server[1] - own[1]) <= 1) return ok(found);
    return warn(
      `${found}, the cluster is ${server.join(".")}`,
      `npm run up brings ${catalog.kubectl.version} for itself; for your own use: https://kubernetes.io/docs/tasks/tools/`,
    );
  },
};
