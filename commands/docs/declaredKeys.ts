import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { secretKeys } from "../../components/configuration/schema.ts";
import { parseYaml } from "../../components/yaml.ts";

/** A key of the stack configuration as `Pulumi.yaml` declares it. */
export interface DeclaredKey {
  readonly key: string;
  readonly type: string;
  readonly default: unknown;
  readonly description: string;
  readonly secret: boolean;
}

/** The project's own keys, in the order of `Pulumi.yaml`; what `pulumi new` leaves there is none of them. */
export async function readDeclaredKeys(root: string): Promise<readonly DeclaredKey[]> {
  const project = parseYaml(await readFile(join(root, "Pulumi.yaml"), "utf8")) as {
    config: Readonly<Record<string, { type: string; default?: unknown; description?: string }>>;
  };
  return Object.entries(project.config)
    .filter(([key]) => !key.includes(":"))
    .map(([key, declared]) => ({
      key,
      type: declared.type,
      default: declared.default,
      // Pulumi has no other place to say so at its own prompt.
      description: (declared.description ?? "").replace(/^Secret \(set it with --secret\)\. /, ""),
      secret: secretKeys.includes(key),
    }));
}
