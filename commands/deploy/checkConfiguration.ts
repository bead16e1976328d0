import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { kubeconfigPaths } from "../../components/cluster/kubeconfig.ts";
import { dockerConfigFolder } from "../../components/image/registry/login.ts";
import { parseYaml } from "../../components/yaml.ts";
import { UserError } from "../support/errors.ts";
import type { Machine } from "../support/machine.ts";
import { ownKeys, type StackSettings } from "./settings.ts";

type Keys = Readonly<Record<string, unknown>>;

/** What stands for a value that only the CLI can decrypt; it fits every key that may be a secret. */
const decrypted = "postgresql://user:password@host/database?sslmode=verify-full";

/** The same for keys that hold an object, where the whole of it is encrypted. */
const decryptedObjects = new Map([["secretEnv", "{}"]]);

/**
 * Checks a production stack's file as the program will, before anything is brought or started: a fresh clone is told of all
 * that is to be set at once, with and without a Pulumi CLI.
 *
 * @throws UserError with every mistake, each with the command that mends it.
 */
export async function checkConfiguration(machine: Machine, settings: StackSettings): Promise<void> {
  const own = parseYaml(await readFile(settings.file, "utf8")) as { config?: Keys } | null;
  const project = parseYaml(await readFile(join(machine.root, "Pulumi.yaml"), "utf8")) as { config?: Keys };
  const given = ownKeys(own?.config, settings.project);
  const defaults = ownKeys(project.config, settings.project).map(
    ([key, declared]) => [key, (declared as Keys).default ?? ""] as const,
  );
  // Imported where they are needed, because they bring Pulumi's SDK with them.
  const [{ parseConfiguration }, { ConfigurationError }] = await Promise.all([
    import("../../components/configuration/parse.ts"),
    import("../../components/configuration/problems.ts"),
  ]);
  try {
    parseConfiguration({
      stack: settings.stack,
      values: Object.fromEntries([...defaults, ...given].map(([key, value]) => [key, standIn(key, value)])),
      encryptedKeys: new Set(given.filter(([, value]) => holdsCipher(value)).map(([key]) => key)),
      machinePlatform: `linux/${machine.arch === "arm64" ? "arm64" : "amd64"}`,
      kubeconfigPaths: kubeconfigPaths(machine.env.KUBECONFIG),
      dockerConfig: dockerConfigFolder(machine.env.DOCKER_CONFIG),
      allowed: [],
    });
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new UserError(byNpm(error.message), `Once they are set: npm run preview -- --stack ${settings.stack}`);
  }
}

/** A fresh clone has no CLI of its own, and no stack in any state but the checkout's. */
function byNpm(message: string): string {
  return message.replaceAll("pulumi config ", "npm run pulumi -- config ");
}

/** `{ secure: v1:... }`, alone or somewhere inside: https://www.pulumi.com/docs/iac/concepts/secrets/ */
function holdsCipher(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return isCipher(value) || Object.values(value).some(holdsCipher);
}

function isCipher(value: object): boolean {
  return Object.keys(value).join() === "secure" && typeof Object.values(value)[0] === "string";
}

function standIn(key: string, value: unknown): string {
  const whole = typeof value === "object" && value !== null && isCipher(value);
  return (whole ? decryptedObjects.get(key) : undefined) ?? asText(withoutCiphers(value));
}

function withoutCiphers(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isCipher(value)) return decrypted;
  if (Array.isArray(value)) return value.map(withoutCiphers);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withoutCiphers(entry)]));
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? "");
}
