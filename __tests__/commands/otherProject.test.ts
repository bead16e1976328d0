import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { checkConfiguration } from "../../commands/deploy/checkConfiguration.ts";
import { readSettings, writeEffectiveStack } from "../../commands/deploy/settings.ts";
import { readLocalConfiguration } from "../../commands/dev/configuration.ts";
import { examples, secretKeys } from "../../components/configuration/schema.ts";
import { readStackConfiguration } from "../../sandbox/runner/configuration.ts";
import { TestMachine } from "./support/machine.ts";

const root = resolve(import.meta.dirname, "../..");
const committed = readFileSync(join(root, "Pulumi.yaml"), "utf8");

interface Template {
  readonly displayName: string;
  readonly description: string;
  readonly quickstart: string;
  readonly config: Readonly<Record<string, { readonly description: string; readonly default?: string; secret?: true }>>;
}

/** `pulumi new` writes the new name, leaves `template` out and puts its tag among the keys. */
const renamed = committed
  .replace("name: todo-stack", "name: shop")
  .replace(/^template:\n(?: .*\n|\n)*/m, "")
  .concat('\n  "pulumi:tags":\n    value:\n      pulumi:template: https://example.com/acme/todo-stack\n');

let on: TestMachine;
beforeEach(() => {
  on = new TestMachine();
  on.write("checkout/Pulumi.yaml", renamed);
  on.write("checkout/Pulumi.local.yaml", "config:\n  shop:nodePort: 30977\n  namespace: shop\n  todo-stack:host: no\n");
});
afterEach(() => on.dispose());

test("the commands find the keys of a project with another name, and no others", async () => {
  const settings = await readSettings(on.machine.root, "local");
  expect(settings).toMatchObject({ project: "shop", nodePort: 30977, nodePortIsChosen: true, namespace: "shop" });
  expect(settings.host).toBe("");
  await writeEffectiveStack(on.machine, settings, { context: "k3d-shop", namespace: "other" });
  expect(parse(on.read("checkout/.state/Pulumi.local.yaml")).config).toEqual({
    "shop:nodePort": 30977,
    "todo-stack:host": "no",
    "shop:context": "k3d-shop",
    "shop:namespace": "other",
  });
  const configuration = await readLocalConfiguration(on.machine, "local");
  expect(configuration).toMatchObject({ namespace: "other", nodePort: 30977, context: "k3d-shop" });
});

test("the passphrase of `pulumi new` is asked for where it seals something, or keeps a state of its own", async () => {
  const salt = "config: {}\nencryptionsalt: v1:a:b\n";
  const effective = async (text: string, env = {}) => {
    on.remove("checkout/.state");
    on.write("checkout/Pulumi.local.yaml", text);
    const machine = { ...on.machine, env: { ...on.machine.env, ...env } };
    await writeEffectiveStack(machine, await readSettings(on.machine.root, "local"), {});
    return (parse(on.read("checkout/.state/Pulumi.local.yaml")) as { encryptionsalt?: string }).encryptionsalt;
  };
  expect(await effective(salt)).toBeUndefined();
  expect(await effective(salt, { PULUMI_BACKEND_URL: "file:///state" })).toBe("v1:a:b");
  expect(await effective(salt.replace("{}", "{ host: { secure: v1:c } }"))).toBe("v1:a:b");
});

test("a production stack of it is checked by its own keys", async () => {
  on.write("checkout/Pulumi.prod.yaml", "config:\n  shop:context: far\n  registry: ghcr.io/acme\n");
  const settings = await readSettings(on.machine.root, "prod");
  await expect(checkConfiguration(on.machine, settings)).rejects.toThrow(/has 2 mistakes:.*host.*databaseUrl/s);
});

test("the runner hands its keys over under its name", () => {
  const before = process.cwd();
  process.chdir(on.machine.root);
  try {
    const { project, values } = readStackConfiguration("Pulumi.local.yaml");
    expect(project).toBe("shop");
    expect(values).toMatchObject({ "shop:nodePort": "30977", "shop:namespace": "shop", "shop:releaseName": "todo" });
    // The engine gives it to the provider of Node's resources, and a second run compares that.
    expect(values["pulumi:tags"]).toBe('{"pulumi:template":"https://example.com/acme/todo-stack"}');
    expect(Object.keys(values).filter((key) => !/^(shop|todo-stack):/.test(key))).toEqual(["pulumi:tags"]);
  } finally {
    process.chdir(before);
  }
});

test("`pulumi new` asks for declared keys with their own defaults, and hides what is secret", () => {
  const { template, config } = parse(committed) as {
    template: Template;
    config: Readonly<Record<string, { readonly default: unknown }>>;
  };
  for (const text of [template.displayName, template.description, template.quickstart]) expect(text).not.toBe("");
  for (const [key, asked] of Object.entries(template.config)) {
    expect(Object.keys(config)).toContain(key);
    expect({ key, secret: asked.secret === true }).toEqual({ key, secret: secretKeys.includes(key) });
    const fallback = key === "context" ? examples.context : String(config[key]?.default);
    expect({ key, default: asked.default }).toEqual({ key, default: fallback });
    expect(asked.description).not.toBe("");
  }
  expect(template.quickstart).toContain("npm run up");
});
