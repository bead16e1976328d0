import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Document, isMap, parseDocument, stringify } from "yaml";
import { table } from "./markers.ts";
import type { JsonSchema } from "./stackSchema.ts";

/** A setting of the chart: a leaf of its schema. */
interface Setting {
  readonly path: string;
  readonly default: unknown;
  readonly description: string;
}

/** Groups of small numbers that are read as one. */
const groups = /\.(requests|limits|startup|readiness|liveness)$/;

/** The table of the chart's values; what both services have stands there once, as `<component>`. */
export async function chartValues(root: string): Promise<string> {
  const schema = JSON.parse(await readFile(join(root, "chart/values.schema.json"), "utf8")) as JsonSchema;
  const values = parseDocument(await readFile(join(root, "chart/values.yaml"), "utf8"));
  const settings = settingsOf(schema, schema, values.toJS(), "").map((setting) => {
    const keys = setting.path.split(".");
    const comment = commentOf(values, keys) ?? commentOf(values, keys.slice(0, -1));
    return comment === undefined ? setting : { ...setting, description: comment };
  });
  const rows = merged(settings.filter(({ path }) => path !== "global"));
  return table(["Setting", "Default", "What it is"], rows);
}

function settingsOf(schema: JsonSchema, node: JsonSchema, value: unknown, path: string): readonly Setting[] {
  const target = resolve(schema, node);
  if (target.properties === undefined || groups.test(path)) {
    return [{ path, default: value, description: node.description ?? target.description ?? "" }];
  }
  return Object.entries(target.properties).flatMap(([key, child]) => {
    const own = (value as Readonly<Record<string, unknown>> | undefined)?.[key];
    return settingsOf(schema, child, own, path === "" ? key : `${path}.${key}`);
  });
}

/** The comment over a setting in values.yaml, from its `-- ` on; YAML counts the one over a map's first key as the map's. */
function commentOf(values: Document, keys: readonly string[]): string | undefined {
  const map = values.getIn(keys.slice(0, -1), true) ?? values.contents;
  if (!isMap(map)) return undefined;
  const index = map.items.findIndex(({ key }) => String(key) === keys.at(-1));
  const key = map.items[index]?.key as { readonly commentBefore?: string } | undefined;
  const comment = key?.commentBefore ?? (index === 0 ? map.commentBefore : undefined);
  const [, text] = /(?:^|\n) -- ([\s\S]*)$/.exec(comment ?? "") ?? [];
  return text?.replaceAll(/\n\s*/g, " ");
}

function resolve(schema: JsonSchema, node: JsonSchema): JsonSchema {
  if (typeof node.$ref !== "string") return node;
  const name = node.$ref.replace("#/definitions/", "");
  return (schema.definitions as Readonly<Record<string, JsonSchema>>)[name] ?? {};
}

/** The rows; a setting of the frontend that the backend has too is one row with both defaults. */
function merged(settings: readonly Setting[]): readonly (readonly string[])[] {
  const byPath = new Map(settings.map((setting) => [setting.path, setting]));
  return settings.flatMap(({ path, default: value, description }): (readonly string[])[] => {
    const name = path.replace(/^(frontend|backend)\./, "");
    const [frontend, backend] = [byPath.get(`frontend.${name}`), byPath.get(`backend.${name}`)];
    if (frontend === undefined || backend === undefined) return [[`\`${path}\``, shown(value), description]];
    if (path.startsWith("backend.")) return [];
    const [one, other] = [shown(frontend.default), shown(backend.default)];
    const both = one === other ? one : `frontend ${one}, backend ${other}`;
    return [[`\`<component>.${name}\``, both, description]];
  });
}

function shown(value: unknown): string {
  if (value === undefined) return "";
  return `\`${stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trim()}\``;
}
