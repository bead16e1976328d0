import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type DeclaredKey, readDeclaredKeys } from "./declaredKeys.ts";
import { table } from "./markers.ts";
import { type JsonSchema, keySchema } from "./stackSchema.ts";

const [own, parts] = ["components/application/settings.ts", "components/configuration/parts.ts"];

/** Where the parts of a key that holds an object are described, by the comments of their interfaces. */
const describedIn: Readonly<Record<string, readonly string[]>> = {
  frontend: [own, parts],
  backend: [own, parts],
  services: [`${parts}#ServiceConfiguration`, parts, own],
  kagent: ["components/configuration/configuration.ts"],
};

/** The table of all keys, and the parts of those that hold an object with parts of their own. */
export async function configurationTable(root: string): Promise<string> {
  const keys = await readDeclaredKeys(root);
  const rows = await Promise.all(
    keys.map(async (key) => [keyRow(key), ...partRows(key.key, keySchema(key.key), await readComments(root, key.key))]),
  );
  return table(["Key", "Default", "Meaning"], rows.flat());
}

function keyRow({ key, secret, default: value, description }: DeclaredKey): readonly string[] {
  return [`\`${key}\`${secret ? " (secret)" : ""}`, shown(value), sentence(description)];
}

function partRows(
  path: string,
  schema: JsonSchema,
  comments: ReadonlyMap<string, string>,
): readonly (readonly string[])[] {
  const named = schema.additionalProperties as JsonSchema | undefined;
  if (named?.properties !== undefined) return partRows(`${path}.<name>`, named, comments);
  return Object.entries(schema.properties ?? {}).flatMap(([name, part]) => {
    const nested = `${path}.${name}`;
    const choice = part.enum === undefined ? "" : ` One of ${part.enum.map((one) => `\`${one}\``).join(", ")}.`;
    const meaning = `${sentence(part.description ?? comments.get(name) ?? "")}${choice}`.trim();
    return [[`\`${nested}\``, shown(part.default), meaning], ...partRows(nested, part, comments)];
  });
}

function shown(value: unknown): string {
  if (value === undefined || value === "") return "";
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

/** Prose of one line, ending with a full stop. */
const sentence = (text: string): string => (text === "" || /[.!?]$/.test(text) ? text : `${text}.`);

/** A file, or one interface of it. */
async function readPlace(root: string, place: string): Promise<string> {
  const [path = "", name = ""] = place.split("#");
  const text = await readFile(join(root, path), "utf8");
  const start = name === "" ? 0 : text.indexOf(`export interface ${name} `);
  return text.slice(start, name === "" ? undefined : text.indexOf("\n}", start));
}

/** The comment over each member of the interfaces of a key; the first of a name is taken. */
async function readComments(root: string, key: string): Promise<ReadonlyMap<string, string>> {
  const texts = await Promise.all((describedIn[key] ?? []).map((place) => readPlace(root, place)));
  const found = [...texts.join("\n").matchAll(/\/\*\* ([^\n]+) \*\/\n {2}readonly (\w+)\??:/g)];
  return new Map(found.reverse().map(([, comment = "", name = ""]) => [name, comment] as const));
}
