import { readFileSync } from "node:fs";
import { parseYaml } from "../../components/yaml.ts";

interface ProjectFile {
  readonly name: string;
  readonly config?: Readonly<Record<string, { readonly default?: unknown; readonly value?: unknown }>>;
}

/** The project's name and a stack's configuration as the Pulumi CLI would hand it to the program. */
export interface StackConfiguration {
  readonly project: string;
  /** `todo-stack:key` to text. */
  readonly values: Record<string, string>;
  /** The keys of values that are encrypted, or hold something that is. */
  readonly secretKeys: readonly string[];
}

/**
 * Reads a stack's configuration file over the defaults that `Pulumi.yaml` declares. What the environment hands over in
 * `PULUMI_CONFIG` wins, as where Pulumi's language host starts a program: that is how the runner is given secrets, which
 * belong in no file in plain text. `PULUMI_CONFIG_SECRET_KEYS` names them, and the program itself reads it.
 *
 * @param unseal - Decrypts a value; default: only the Pulumi CLI can.
 * @throws Error when a value is encrypted and cannot be decrypted.
 */
export function readStackConfiguration(stackFile: string, unseal?: (sealed: string) => string): StackConfiguration {
  const project = parseYaml(readFileSync("Pulumi.yaml", "utf8")) as ProjectFile;
  const stack = (parseYaml(readFileSync(stackFile, "utf8")) ?? {}) as { config?: Record<string, unknown> | null };
  const own = Object.entries(stack.config ?? {}).map(([given, value]) => {
    const key = given.includes(":") ? given : `${project.name}:${given}`;
    const secret = JSON.stringify(value).includes('"secure":');
    if (secret && unseal === undefined) {
      throw new Error(
        `${given} in ${stackFile} is encrypted, and only the Pulumi CLI can read it: https://www.pulumi.com/docs/install/`,
      );
    }
    return { key, value: asText(unseal === undefined ? value : unsealed(value, unseal)), secret };
  });
  // Keys of others have a value here and no default: `pulumi new` leaves its pulumi:tags.
  const defaults = Object.entries(project.config ?? {}).map(
    ([key, declared]) =>
      [key.includes(":") ? key : `${project.name}:${key}`, asText(declared.value ?? declared.default)] as const,
  );
  const handed = JSON.parse(process.env.PULUMI_CONFIG || "{}") as Record<string, string>;
  const chosen = own.map(({ key, value }) => [key, value] as const);
  return {
    project: project.name,
    values: { ...Object.fromEntries(defaults), ...Object.fromEntries(chosen), ...handed },
    secretKeys: own.filter(({ secret }) => secret).map(({ key }) => key),
  };
}

/** Encrypted values stand as `secure: ...` at any depth: https://www.pulumi.com/docs/iac/concepts/secrets/ */
function unsealed(value: unknown, unseal: (sealed: string) => string): unknown {
  if (Array.isArray(value)) return value.map((entry) => unsealed(entry, unseal));
  if (typeof value !== "object" || value === null) return value;
  const fields = value as Record<string, unknown>;
  if (typeof fields.secure === "string" && Object.keys(fields).length === 1) return unseal(fields.secure);
  return Object.fromEntries(Object.entries(fields).map(([key, entry]) => [key, unsealed(entry, unseal)]));
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
