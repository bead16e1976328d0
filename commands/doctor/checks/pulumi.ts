import { join } from "node:path";
import { parseYaml } from "../../../components/yaml.ts";
import { catalog } from "../../tools/catalog.ts";
import { findVersion, isAtLeast } from "../../tools/versions.ts";
import { type Check, ok, warn } from "../check.ts";
import { toolOrDownload } from "../tool.ts";

/** The Pulumi CLI, held against what `Pulumi.yaml` requires. */
export const pulumi: Check = {
  name: "Pulumi",
  why: "It runs the program, and keeps what was deployed; Pulumi.yaml says which version it must be.",
  look: async (at) => {
    const { machine } = at;
    const path = at.find("pulumi");
    const project = parseYaml((await at.read(join(machine.root, "Pulumi.yaml"))) ?? "") as {
      requiredPulumiVersion?: string;
    };
    const least = findVersion(project?.requiredPulumiVersion ?? "");
    const version =
      path === undefined ? undefined : findVersion((await at.ask(path, catalog.pulumi.versionArgs)).stdout);
    if (version !== undefined && least !== undefined && !isAtLeast(version, least)) {
      return warn(
        `${version.join(".")} (${path}); Pulumi.yaml requires ${project.requiredPulumiVersion}`,
        `npm run up brings ${catalog.pulumi.version}; for your own use: curl -fsSL https://get.pulumi.com | sh`,
      );
    }
    if (version !== undefined) return ok(`${version.join(".")} (${path})`);
    return toolOrDownload(
      machine,
      "pulumi",
      "npm run up takes the sandbox; a mirror of the downloads: TODO_STACK_DOWNLOADS=https://...",
    );
  },
};
