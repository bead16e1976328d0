import { describe, expect, test } from "@jest/globals";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { everything, productionValues } from "./profiles.ts";
import { read } from "./render.ts";

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly allOf?: readonly unknown[];
}

const schema: Schema = JSON.parse(read("chart/values.schema.json"));
const defaults: unknown = parse(read("chart/values.yaml"));
/** Objects that Kubernetes or a parent chart defines, and not this chart. */
const free = ["/global", "/affinity"];

/** The settings of the schema, as paths, with references resolved. Free-form maps are one setting. */
function settings(node: Schema, path = ""): string[] {
  const target = resolve(node);
  if (!target.properties) return [path];
  return Object.entries(target.properties).flatMap(([key, value]) => settings(value, path ? `${path}.${key}` : key));
}

function resolve(node: Schema): Schema {
  if (!node.$ref) return node;
  const found = schema.definitions?.[node.$ref.replace("#/definitions/", "")];
  if (!found) throw new Error(`${node.$ref} is not defined`);
  return found;
}

/** All the schema's own nodes by their place. */
function nodes(node: Schema, path: string): [string, Schema][] {
  const children = Object.entries({ ...node.definitions, ...node.properties });
  return [[path, node], ...children.flatMap(([key, child]) => nodes(child, `${path}/${key}`))];
}

function valueAt(path: string, values = defaults): unknown {
  return path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], values);
}

/** The settings of a further service, as paths. */
const furtherSettings = (): string[] => settings(schema.definitions?.furtherService ?? {});

describe("values.schema.json", () => {
  const ajv = new Ajv({ strict: true, allowUnionTypes: true, strictTypes: false, strictRequired: false });
  const validate = ajv.compile(schema);

  test("is a draft-07 schema that accepts every values file", () => {
    expect(schema).toHaveProperty("$schema", "http://json-schema.org/draft-07/schema#");
    const accepted = validate(defaults);
    expect(validate.errors ?? []).toEqual([]);
    expect(accepted).toBe(true);
  });

  test("refuses unknown keys in every object that is the chart's own", () => {
    for (const [path, node] of nodes(schema, "")) {
      if (node.type !== "object" || free.includes(path)) continue;
      expect({ path, closed: node.additionalProperties !== undefined }).toEqual({ path, closed: true });
      if (node.properties) expect({ path, open: node.additionalProperties }).toEqual({ path, open: false });
    }
  });

  test("describes every setting", () => {
    for (const [path, node] of nodes(schema, "")) {
      if (path !== "" && !node.$ref)
        expect({ path, described: Boolean(node.description) }).toEqual({ path, described: true });
    }
  });

  test.each([
    ["values.yaml", () => settings(schema), validate],
    [
      "files/service.yaml",
      furtherSettings,
      ajv.compile({ definitions: schema.definitions, $ref: "#/definitions/furtherService" }),
    ],
  ])("knows exactly the settings of %s, each with a default and a comment", (file, all, accepts) => {
    const text = read(`chart/${file}`);
    const lines = text.split("\n");
    const values: unknown = parse(text);
    for (const path of all().filter((one) => one !== "global" && !one.endsWith(".ephemeral-storage"))) {
      expect({ path, known: valueAt(path, values) !== undefined }).toEqual({ path, known: true });
    }
    accepts(file === "values.yaml" ? values : { ...(values as object), image: { repository: "search" } });
    expect(accepts.errors ?? []).toEqual([]);
    for (const [index, line] of lines.entries()) {
      const key = /^( *)([A-Za-z]+):(?: |$)/.exec(line);
      if (!key || opensSection(lines, index) || /^ *(requests|limits|LOG_LEVEL):/.test(line)) continue;
      expect({ line: index + 1, commented: lines[index - 1]?.trimStart().startsWith("#") }).toEqual({
        line: index + 1,
        commented: true,
      });
    }
  });
});

test("the README's table names every setting and no other", () => {
  const [, table = ""] = read("chart/README.md").split("## Values");
  const documented = [...table.matchAll(/^\| `([^`]+)` /gm)].map((match) => match[1] ?? "");
  const own = ["frontend.proxy", "backend.database", "backend.databaseEnv"];
  const both = (path: string) => (own.includes(path) ? path : path.replace(/^(frontend|backend)\./, "<component>."));
  const expected = new Set(
    settings(schema)
      .filter((path) => path !== "global")
      .map((path) => (path.startsWith("backend.migrations") ? path : both(path)))
      .map((path) => path.replace(/\.(requests|limits)\.[a-z-]+$/, ".$1"))
      .map((path) => path.replace(/\.probes\.(startup|readiness|liveness)\.[A-Za-z]+$/, ".probes.$1")),
  );
  expect(documented.toSorted()).toEqual([...expected].toSorted());
});

test("the README's table of further services names what a component has not", () => {
  const [, section = ""] = read("chart/README.md").split("## Further services");
  const documented = [...(section.split("\n## ")[0] ?? "").matchAll(/^\| `([^`]+)` /gm)].map((match) => match[1] ?? "");
  const components = [...settings(schema.properties?.frontend ?? {}), ...settings(schema.properties?.backend ?? {})];
  const expected = furtherSettings().filter((path) => !components.includes(path) || /^database/.test(path));
  expect(documented.toSorted()).toEqual(expected.toSorted());
});

test("the profiles of the tests are values that the schema knows", () => {
  expect(
    Object.keys(everything)
      .concat(Object.keys(productionValues))
      .every((key) => key in (schema.properties ?? {})),
  ).toBe(true);
});

function opensSection(lines: readonly string[], index: number): boolean {
  const indent = (line: string) => line.length - line.trimStart().length;
  const line = lines[index] ?? "";
  return line.trimEnd().endsWith(":") && indent(lines[index + 1] ?? "") > indent(line);
}
