import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { kubeconfigPaths } from "../../components/cluster/kubeconfig.ts";
import type { LocalConfiguration } from "../../components/configuration/configuration.ts";
import { parseConfiguration } from "../../components/configuration/parse.ts";
import { secretKeys } from "../../components/configuration/schema.ts";
import { dockerConfigFolder } from "../../components/image/registry/login.ts";
import { parseYaml } from "../../components/yaml.ts";
import { ownKeys } from "../deploy/settings.ts";
import { UserError } from "../support/errors.ts";
import type { Machine } from "../support/machine.ts";

type Keys = Readonly<Record<string, unknown>>;

/**
 * The configuration of a local stack as the last `up` gave it to the program, without its secrets: no image and no node
 * depends on these.
 *
 * @throws UserError for a production stack.
 */
export async function readLocalConfiguration(machine: Machine, stack: string): Promise<LocalConfiguration> {
  const project = await readYaml(join(machine.root, "Pulumi.yaml"));
  const name = String(project.name);
  const own = await readYaml(join(machine.state, `Pulumi.${stack}.yaml`));
  const values = Object.fromEntries([
    ...ownKeys(project.config, name).map(([key, value]) => [key, (value as Keys).default] as const),
    ...ownKeys(own.config, name),
  ]);
  for (const key of secretKeys) delete values[key];
  const configuration = parseConfiguration({
    stack,
    values: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, asText(value)])),
    encryptedKeys: new Set(),
    machinePlatform: `linux/${machine.arch === "arm64" ? "arm64" : "amd64"}`,
    kubeconfigPaths: kubeconfigPaths(machine.env.KUBECONFIG),
    dockerConfig: dockerConfigFolder(machine.env.DOCKER_CONFIG),
    allowed: [],
  });
  if (configuration.profile === "local") return configuration;
  throw new UserError(`The stack "${stack}" is a production stack; dev is for local ones.`, "npm run dev");
}

async function readYaml(path: string): Promise<Keys> {
  return (parseYaml(await readFile(path, "utf8")) ?? {}) as Keys;
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? "");
}
