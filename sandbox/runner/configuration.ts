import { readFileSync } from "node:fs";
import { parse } from "yaml";

interface ProjectFile {
  readonly name: string;
  readonly config?: Readonly<Record<string, { readonly default?: unknown }>>;
}

/** The project's name and a stack's configuration as the Pulumi CLI would hand it to the program. */
export interface StackConfiguration {
  readonly project: string;
  /** `todo-stack:key` to text. */
  readonly values: Record<string, string>;
}

/**
 * Reads a stack's configuration file over the defaults that `Pulumi.yaml` declares. What the environment hands over in
 * `PULUMI_CONFIG` wins, as where Pulumi's language host starts a program: that is how the runner is given secrets, which
 * belong in no file in plain text. `PULUMI_CONFIG_SECRET_KEYS` names them, and the program itself reads it.
 *
 * @throws Error when a value is encrypted: only the Pulumi CLI can read it.
 */
export function readStackConfiguration(stackFile: string): StackConfiguration {
  const project = parse(readFileSync("Pulumi.yaml", "utf8")) as ProjectFile;
  const stack = (parse(readFileSync(stackFile, "utf8")) ?? {}) as { config?: Record<string, unknown> | null };
  const own = Object.entries(stack.config ?? {}).map(([key, value]) => {
    if (JSON.stringify(value).includes('"secure":')) {
      throw new Error(
        `${key} in ${stackFile} is encrypted, and only the Pulumi CLI can read it: https://www.pulumi.com/docs/install/`,
      );
    }
    return [key.includes(":") ? key : `${project.name}:${key}`, asText(value)] as const;
  });
  const defaults = Object.entries(project.config ?? {}).map(
    ([key, { default: value }]) => [`${project.name}:${key}`, asText(value)] as const,
  );
  const handed = JSON.parse(process.env.PULUMI_CONFIG || "{}") as Record<string, string>;
  return { project: project.name, values: { ...Object.fromEntries(defaults), ...Object.fromEntries(own), ...handed } };
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
