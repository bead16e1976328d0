import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { JsonSchema } from "./stackSchema.ts";

/** The chart's schema for what is laid over `values.yaml`: the same settings, of which none must be there. */
export async function valuesSchema(root: string): Promise<JsonSchema> {
  const schema = JSON.parse(await readFile(join(root, "chart/values.schema.json"), "utf8")) as JsonSchema;
  const { $schema, ...rest } = schema;
  return {
    $schema,
    $comment: "Written by npm run docs from chart/values.schema.json.",
    ...(withoutRequired(rest) as JsonSchema),
  };
}

/** An entry of a list is complete or wrong; everything else may be said elsewhere. */
function withoutRequired(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutRequired);
  if (typeof node !== "object" || node === null) return node;
  const kept = Object.entries(node).filter(([key, value]) => key !== "required" || !Array.isArray(value));
  return Object.fromEntries(kept.map(([key, value]) => [key, key === "items" ? value : withoutRequired(value)]));
}
