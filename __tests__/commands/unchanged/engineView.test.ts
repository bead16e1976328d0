import { beforeEach, expect, test } from "@jest/globals";
import { EngineView } from "../../../commands/deploy/unchanged/engineView.ts";
import type { KeptResource, StackState } from "../../../commands/deploy/unchanged/stackState.ts";
import type { AskedResource } from "../../../sandbox/runner/mocks.ts";

const stackUrn = (type: string, name: string): string => `urn:pulumi:local::todo-stack::${type}::${name}`;
const cluster = stackUrn("pulumi:providers:kubernetes", "cluster");
const random = stackUrn("pulumi:providers:random", "default_4_21_2");
const component = stackUrn("todo-stack:secret:DatabaseSecret", "database");
const passwordType = "random:index/randomPassword:RandomPassword";
const secretType = "kubernetes:core/v1:Secret";
const releaseType = "kubernetes:helm.sh/v3:Release";
const release = stackUrn(releaseType, "release");
const url = "http://127.0.0.1:30080";
const config = { "todo-stack:values": '{"a":1,"b":2}' };

const keptOf = (urn: string, resource: Partial<KeptResource> = {}): KeptResource => ({
  urn,
  type: urn.split("::")[2]?.split("$").at(-1) ?? "",
  id: "id",
  inputs: {},
  outputs: {},
  provider: "",
  ...resource,
});

const password = `urn:pulumi:local::todo-stack::todo-stack:secret:DatabaseSecret$${passwordType}::database-password`;
const secret = `urn:pulumi:local::todo-stack::todo-stack:secret:DatabaseSecret$${secretType}::database`;
const defaults = { lint: false, keyring: "", version: "1.0.0" };

/** A state as the CLI leaves it: what the program gave, and what the providers made of it. */
const state = (): KeptResource[] => [
  keptOf(stackUrn("pulumi:pulumi:Stack", "todo-stack-local"), { outputs: { url, revision: 3 } }),
  keptOf(cluster, { inputs: { context: "mine", version: "4.34.2", __internal: {} } }),
  keptOf(component),
  keptOf(random, { inputs: { version: "4.21.2", __internal: {} } }),
  keptOf(password, { inputs: { length: 32 }, outputs: { length: 32, result: "drawn" }, provider: `${random}::id` }),
  keptOf(secret, {
    inputs: {
      data: { PASSWORD: "ZHJhd24=" },
      metadata: { name: "database-1a2b3c4d", namespace: "todo", annotations: { "pulumi.com/autonamed": "true" } },
    },
    outputs: { metadata: { name: "database-1a2b3c4d" } },
    provider: `${cluster}::id`,
  }),
  keptOf(release, { inputs: { ...defaults, values: { a: 1 }, timeout: 110 }, provider: `${cluster}::id` }),
];

const askedOf = (urn: string, inputs: AskedResource["inputs"], version = ""): AskedResource => {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  return { urn, type, name: urn.split("::").at(-1) ?? "", inputs, version, custom: !type.startsWith("todo-stack:") };
};

/** What the program asks for. */
const program = (): AskedResource[] => [
  askedOf(cluster, { context: "mine" }, "4.34.2"),
  askedOf(component, {}),
  askedOf(password, { length: 32 }, "4.21.2"),
  askedOf(secret, { metadata: { namespace: "todo" }, stringData: { PASSWORD: "drawn" } }, "4.34.2"),
  askedOf(release, { values: { a: 1 }, timeout: 110, compat: "true" }, "4.34.2"),
];

let kept: KeptResource[];
let asked: AskedResource[];
let outputs: Record<string, unknown>;
let looked: string[];
let doubts: string[];

beforeEach(() => {
  kept = state();
  asked = program();
  outputs = { url, revision: 3 };
  looked = [];
  doubts = [];
});

/** What the engine would see; rejects with the doubt. */
async function compare(touched?: string): Promise<void> {
  const whole: StackState = { resources: kept, salt: "", unseal: (text) => text };
  const look = async ({ urn }: KeptResource): Promise<void> => {
    looked.push(urn);
    if (urn === touched) throw new Error(`${urn} was touched`);
  };
  const view = new EngineView(whole, { look, doubts: (why) => void doubts.push(String(why)) });
  for (const resource of asked) await view.answer(resource);
  await view.finish(outputs, config);
}

/** Gives one of the kept resources other fields. */
function keep(urn: string, fields: Partial<KeptResource>): void {
  kept = kept.map((resource) => (resource.urn === urn ? { ...resource, ...fields } : resource));
}

test("a program that asks for what the state keeps: every resource was looked at, and there is no doubt", async () => {
  await expect(compare()).resolves.toBeUndefined();
  expect(looked).toEqual([cluster, password, secret, release]);
  expect(doubts).toEqual([]);
});

test("the program is given what was kept, as by the engine", async () => {
  const eyes = { look: async () => undefined, doubts: () => undefined };
  const view = new EngineView({ resources: kept, salt: "", unseal: (text) => text }, eyes);
  const [, , drawn] = asked;
  if (drawn === undefined) throw new Error("no password is asked for");
  await expect(view.answer(drawn)).resolves.toEqual({ id: "id", state: { length: 32, result: "drawn" } });
});

test.each<[string, () => void, RegExp]>([
  [
    "a new value",
    () => asked.splice(4, 1, askedOf(release, { values: { a: 2 }, timeout: 110 }, "4.34.2")),
    /: values$/,
  ],
  ["a field less", () => asked.splice(4, 1, askedOf(release, { values: { a: 1 } }, "4.34.2")), /: timeout$/],
  ["a field more", () => asked.splice(2, 1, askedOf(password, { length: 32, keepers: {} }, "4.21.2")), /: keepers$/],
  ["another secret", () => keep(secret, { inputs: { ...kept[5]?.inputs, data: { PASSWORD: "b3RoZXI=" } } }), /: data$/],
  [
    "a secret that was given a name",
    () => keep(secret, { inputs: { ...kept[5]?.inputs, metadata: { name: "own", namespace: "todo" } } }),
    /: metadata$/,
  ],
  ["a new resource", () => kept.splice(6, 1), /release is new$/],
  ["a new component", () => kept.splice(2, 1), /database is new$/],
  ["a resource that is asked for no more", () => asked.pop(), /release is not asked for any more$/],
  [
    "a resource under another parent",
    () => asked.splice(2, 1, askedOf(stackUrn(passwordType, "database-password"), { length: 32 }, "4.21.2")),
    /is new$/,
  ],
  ["another cluster", () => asked.splice(0, 1, askedOf(cluster, { context: "other" }, "4.34.2")), /: context$/],
  [
    "another version of a provider",
    () => asked.splice(0, 1, askedOf(cluster, { context: "mine" }, "4.35.0")),
    /: version$/,
  ],
  [
    "another version of a default provider",
    () => asked.splice(2, 1, askedOf(password, { length: 32 }, "4.22.0")),
    /has another provider$/,
  ],
  ["a provider that was made anew", () => keep(cluster, { id: "another" }), /has another provider$/],
  [
    "a default provider that is configured",
    () => keep(random, { inputs: { version: "4.21.2", region: "x" } }),
    /is configured otherwise$/,
  ],
  [
    "a default provider that nobody uses",
    () => kept.push(keptOf(stackUrn("pulumi:providers:docker", "default_5_2_0"))),
    /not asked for any more$/,
  ],
  ["other outputs", () => Object.assign(outputs, { url: "http://127.0.0.1:30081" }), /outputs differ$/],
  [
    "a type that nobody knows here",
    () => {
      const other = stackUrn("aws:s3:Bucket", "mine");
      kept.push(keptOf(other, { provider: `${cluster}::id` }));
      asked.push(askedOf(other, {}));
    },
    /aws:s3:Bucket are not known here$/,
  ],
])("%s is a doubt", async (_case, change, doubt) => {
  change();
  await expect(compare()).rejects.toThrow(doubt);
});

test("what was touched where it runs is a doubt", async () => {
  await expect(compare(secret)).rejects.toThrow(/was touched$/);
});

test("a doubt is told while the program still asks for more", async () => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const eyes = { look: async () => undefined, doubts: resolve };
  const view = new EngineView({ resources: kept, salt: "", unseal: (text) => text }, eyes);
  await view.answer(askedOf(cluster, { context: "other" }, "4.34.2"));
  await expect(promise).resolves.toMatchObject({ message: expect.stringMatching(/: context$/) });
  await expect(view.finish(outputs, config)).rejects.toThrow(/: context$/);
});

test("the provider that runs in Node has the configuration for inputs; the order of an object's keys means nothing", async () => {
  const node = stackUrn("pulumi:providers:pulumi-nodejs", "default");
  const image = stackUrn("pulumi-nodejs:dynamic/todo-stack:NodeImage", "on-node");
  kept.push(keptOf(node, { inputs: { "todo-stack:values": '{"b": 2, "a": 1}' } }));
  kept.push(keptOf(image, { inputs: { reference: "a:1", __provider: "text" }, provider: `${node}::id` }));
  asked.push(askedOf(image, { reference: "a:1", __provider: "" }));
  await expect(compare()).resolves.toBeUndefined();
  keep(node, { inputs: { "todo-stack:values": '{"b": 3, "a": 1}' } });
  await expect(compare()).rejects.toThrow(/is configured otherwise$/);
});
