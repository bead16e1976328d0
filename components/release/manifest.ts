import { parseAllDocuments } from "yaml";
import type { KubernetesObject } from "../cluster/api.ts";

/** The objects of a manifest, the YAML documents that Helm renders; empty documents are none. */
export function parseManifest(manifest: string): KubernetesObject[] {
  return parseAllDocuments(manifest)
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object) => object !== null);
}

/** How people name an object: `Deployment todo-backend`. */
export function nameOf({ kind, metadata }: Pick<KubernetesObject, "kind" | "metadata">): string {
  return `${kind} ${metadata.name}`;
}
