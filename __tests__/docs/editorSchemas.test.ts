import { readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { Ajv } from "ajv";
import * as formats from "ajv-formats";
import { parse } from "yaml";
import { listOwnFiles } from "../../commands/testing/lintedFiles.ts";
import { configurationKeys, examples, secretKeys } from "../../components/configuration/schema.ts";

const root = resolve(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const files = await listOwnFiles(root);
const stackFiles = files.filter((path) => /^Pulumi\.[^.]+\.yaml$/.test(basename(path)));
const valuesFiles = files.filter((path) => /^chart\/values.*\.yaml$/.test(path));

const ajv = new Ajv({ strict: false, allErrors: true });
formats.default.default(ajv);
const valuesSchema = JSON.parse(read("docs/schemas/values.schema.json")) as object;
ajv.addSchema(valuesSchema, "values.schema.json");
const stack = ajv.compile(JSON.parse(read("docs/schemas/stack.schema.json")) as object);
const values = ajv.compile(valuesSchema);

const problems = (config: unknown): string[] => {
  stack({ config });
  return (stack.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

describe("the schema of the stack files", () => {
  test.each(stackFiles)("accepts %s", (path) => {
    stack(parse(read(path)));
    expect(stack.errors ?? []).toEqual([]);
  });

  test.each([
    ["a key in the wrong case", { nodeport: 30080 }],
    ["a typing error behind the project's name", { "todo-stack:nodePrt": 30080 }],
    ["behind another project's", { "shop:nameSpace": "x" }],
    ["a number out of range", { nodePort: 80 }],
    ["words for a number", { "todo-stack:nodePort": "eighty" }],
    ["an unknown profile", { profile: "staging" }],
    ["an unknown part of an object", { kagent: { enabeld: true } }],
    ["an unknown base image", { baseImages: { RUBY_IMAGE: "x" } }],
    ["a name that no variable may have", { env: { "A B": "x" } }],
    ["a typing error in the chart's values", { values: { backend: { replicaCout: 2 } } }],
    ["a plain secret", { databaseUrl: "postgresql://u:p@h/d" }],
    ["a plain secret variable", { secretEnv: { JWT_SECRET: "x" } }],
    ["an encrypted value where it would be shown in plain text", { env: { KEY: { secure: "v1:a" } } }],
  ])("refuses %s", (_name, config) => {
    expect(problems(config)).not.toEqual([]);
  });

  test("accepts what the CLI writes: text for numbers, ciphers, empty texts, other providers' keys", () => {
    const config = {
      "todo-stack:nodePort": "30081",
      namespace: "shop",
      host: "",
      "shop:databaseUrl": { secure: "v1:AAAA" },
      secretEnv: { JWT_SECRET: { secure: "v1:AAAA" } },
      env: { LOG_LEVEL: "debug", WORKERS: 2 },
      values: { backend: { replicaCount: 2 } },
      "kubernetes:context": "x",
    };
    expect(problems(config)).toEqual([]);
    expect(problems({ secretEnv: { secure: "v1:AAAA" } })).toEqual([]);
    expect(problems(null)).toEqual([]);
  });

  test("accepts every key's own example, and knows which are secret", () => {
    for (const key of configurationKeys) {
      expect({ key, plain: problems({ [key]: "not-encrypted" }).length === 0 && secretKeys.includes(key) }).toEqual({
        key,
        plain: false,
      });
      const example = examples[key];
      if (example === undefined || /^[<-]/.test(example)) continue;
      expect(problems({ [key]: example })).toEqual([]);
    }
  });
});

describe("the schema of values that are laid over others", () => {
  test.each(valuesFiles)("accepts %s", (path) => {
    values(parse(read(path)));
    expect(values.errors ?? []).toEqual([]);
  });

  test("refuses a typing error and a wrong type", () => {
    expect(values({ backend: { replicaCout: 2 } })).toBe(false);
    expect(values({ backend: { replicaCount: "two" } })).toBe(false);
    expect(values({ imagePullSecrets: [{}] })).toBe(false);
  });
});

describe("the wiring", () => {
  // An example's file is read where it is copied to; VS Code finds it by its name.
  const inPlace = stackFiles.filter((path) => !path.includes("/"));
  test.each([...inPlace, ...valuesFiles])("%s begins with its schema's place", (path) => {
    const [, place = ""] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(read(path)) ?? [];
    const schema = join(path, "..", place);
    expect(files).toContain(schema);
    expect(basename(schema)).toBe(basename(path).startsWith("Pulumi.") ? "stack.schema.json" : "values.schema.json");
  });

  test("VS Code's settings name schemas and extensions that there are", () => {
    const settings = JSON.parse(read(".vscode/settings.json")) as { "yaml.schemas": Record<string, string> };
    for (const path of Object.keys(settings["yaml.schemas"])) expect(files).toContain(path);
    const { recommendations } = JSON.parse(read(".vscode/extensions.json")) as { recommendations: string[] };
    for (const [, formatter = ""] of read(".vscode/settings.json").matchAll(/defaultFormatter": "([^"]+)"/g))
      expect(recommendations).toContain(formatter);
    expect(recommendations).toContain("redhat.vscode-yaml");
  });
});
