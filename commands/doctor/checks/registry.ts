import { join } from "node:path";
import { parseYaml } from "../../../components/yaml.ts";
import { ownKeys } from "../../deploy/settings.ts";
import { reach } from "../../tools/reach.ts";
import { type Check, ok, warn } from "../check.ts";

/** Whether the production stack's registry answers. */
export const registry: Check = {
  name: "Registry",
  why: "A production stack pushes its images there.",
  look: async ({ machine, read }) => {
    const [project, stack] = await Promise.all(
      ["Pulumi.yaml", "Pulumi.prod.yaml"].map(
        async (name) =>
          parseYaml((await read(join(machine.root, name))) ?? "") as Readonly<Record<string, unknown>> | null,
      ),
    );
    const named = new Map(ownKeys(stack?.config, String(project?.name))).get("registry");
    if (typeof named !== "string" || named === "") return ok("none is set for the stack prod");
    const host = hostOf(named);
    const { ok: reachable, reason } = await reach(
      machine,
      `https://${host}/v2/`,
      (status) => status === 200 || status === 401,
    );
    if (reachable) return ok(`${host} answers`);
    return warn(
      `${host} does not answer as a registry: ${reason}`,
      `Check the name (npm run pulumi -- config get registry --stack prod), the network, and: docker login ${host}`,
    );
  },
};

/** A name whose first part is no host is Docker Hub's: https://github.com/distribution/reference#format */
function hostOf(name: string): string {
  const first = name.split("/")[0] ?? "";
  return /[.:]|^localhost$/.test(first) ? first : "registry-1.docker.io";
}
