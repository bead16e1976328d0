import { read } from "./pages.ts";

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

const schema = JSON.parse(read("chart/values.schema.json")) as Schema;

/** The settings of the chart as paths; one that holds free keys is a setting itself. */
export const chartSettings: readonly string[] = settingsOf(schema, "");

function settingsOf(node: Schema, path: string): readonly string[] {
  const target = node.$ref === undefined ? node : (schema.definitions?.[node.$ref.replace("#/definitions/", "")] ?? {});
  if (target.properties === undefined) return [path];
  return Object.entries(target.properties).flatMap(([key, child]) =>
    settingsOf(child, path === "" ? key : `${path}.${key}`),
  );
}
