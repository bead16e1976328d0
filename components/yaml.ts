import { CORE_SCHEMA, load, loadAll } from "js-yaml";

/**
 * YAML 1.2 to plain values, timestamps as text: https://yaml.org/spec/1.2.2/#103-core-schema. The library that keeps comments takes
 * four times as long to load and to read a release's manifest, and each preview and update waits for that.
 *
 * @throws YAMLException that names line and column.
 */
export function parseYaml(text: string): unknown {
  return load(text, { schema: CORE_SCHEMA });
}

/** All documents of a stream, the empty ones as null. */
export function parseYamlDocuments(text: string): unknown[] {
  return loadAll(text, undefined, { schema: CORE_SCHEMA });
}
