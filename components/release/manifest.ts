import type { KubernetesObject } from "../cluster/api.ts";
import { parseYamlDocuments } from "../yaml.ts";

/** The objects of a manifest, the YAML documents that Helm renders; empty documents are none. */
export function parseManifest(manifest: string): KubernetesObject[] {
  return (parseYamlDocuments(manifest) as (KubernetesObject | null)[]).filter((object) => object !== null);
}

/** How people name an object: `Deployment todo-backend`. */
export function nameOf({ kind, metadata }: Pick<KubernetesObject, "kind" | "metadata">): string {
  return `${kind} ${metadata.name}`;
}
