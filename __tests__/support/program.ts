import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";
import { parse } from "yaml";
import { publishedImageHandler } from "../../components/image/publishedImageHandler.ts";
import { plain } from "../../sandbox/runner/secrets.ts";
import { root } from "./workspace.ts";

/** One resource as the program registered it. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  /** Inputs in plain, secrets included. */
  readonly inputs: Inputs;
  /** Which top-level inputs are secret, or hold a secret. */
  readonly secretInputs: readonly string[];
  /** `type::name` of the parent. */
  readonly parent: string;
  /** `type::name` of each resource that this one waits for. */
  readonly dependencies: readonly string[];
  /** The name of the provider, empty for the default one. */
  readonly provider: string;
}

// biome-ignore lint/suspicious/noExplicitAny: Pulumi's own interface for mocks hands the inputs over untyped.
type Inputs = Record<string, any>;

/** What a run of the program under mocks came to. */
export interface ProgramResult {
  readonly resources: readonly Registered[];
  readonly outputs: Inputs;
}

/** A stack to run the program as. */
export interface StackSettings {
  readonly stack: string;
  /** Configuration without namespace; objects as objects. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly secretConfig?: Readonly<Record<string, unknown>>;
  readonly preview?: boolean;
}

const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** What the registries of this world have: `ghcr.io/acme/todo-backend` to a digest, whatever the tag. */
export const published = new Map<string, string>();

/** Set, no registry answers. */
export const network = { down: false };

/** Who shows which login to a registry. */
export const shownLogins: string[] = [];

/** The program asks registries alone by `fetch`. */
globalThis.fetch = async (address, init) => {
  if (network.down) throw new TypeError("fetch failed", { cause: { code: "ENOTFOUND" } });
  const [, name = ""] = /^https:..(.*)$/.exec(String(address).replace(/v2.(.*).manifests.*$/, "$1")) ?? [];
  const authorization = new Headers(init?.headers).get("authorization");
  if (authorization === null && name.startsWith("private.")) {
    return new Response(null, { status: 401, headers: { "www-authenticate": 'Basic realm="private"' } });
  }
  if (authorization !== null) shownLogins.push(authorization);
  const digest = published.get(name);
  return new Response(null, digest ? { headers: { "docker-content-digest": digest } } : { status: 404 });
};

let runs = 0;
let registered: Registered[] = [];

/** The mock monitor hides parents, dependencies and secretness from its mocks; they stand in the request. */
const register = MockMonitor.prototype.registerResource;
MockMonitor.prototype.registerResource = function (this: MockMonitor, request, callback) {
  const object = request.getObject().toJavaScript() as Inputs;
  registered.push({
    type: request.getType(),
    name: request.getName(),
    inputs: plain(object) as Inputs,
    secretInputs: Object.keys(object).filter((key) => JSON.stringify(object[key]).includes(secretSignature)),
    parent: shortUrn(request.getParent()),
    dependencies: (request.getDependenciesList() as string[]).map(shortUrn),
    provider: shortUrn(request.getProvider()).split("::")[1] ?? "",
  });
  return register.call(this, request, callback);
};

/** Runs `index.ts` of the repository under recording mocks, in the working directory of the test. */
export async function runProgram({
  stack,
  config = {},
  secretConfig = {},
  preview = false,
}: StackSettings): Promise<ProgramResult> {
  registered = [];
  await pulumi.runtime.setMocks(
    { newResource: mockResource, call: ({ inputs }) => inputs },
    "todo-stack",
    stack,
    preview,
  );
  const given = { ...config, ...secretConfig };
  const own = Object.entries(given).map(([key, value]) => [`todo-stack:${key}`, asText(value)] as const);
  pulumi.runtime.setAllConfig({ ...declaredDefaults(), ...Object.fromEntries(own) });
  process.env.PULUMI_CONFIG_SECRET_KEYS = JSON.stringify(Object.keys(secretConfig).map((key) => `todo-stack:${key}`));
  runs += 1;
  const program = { ...(await import(`${join(root, "index.ts")}?run=${runs}`)) };
  const outputs = await new Promise<Inputs>((resolve) => {
    pulumi.output(program).apply((value) => resolve(value as Inputs));
  });
  await pulumi.runtime.disconnect(false);
  return { resources: registered, outputs };
}

/** The one resource of a type, or of a type and name. */
export function only(result: ProgramResult, type: string, name?: string): Registered {
  const found = result.resources.filter(
    (resource) => resource.type === type && (name ?? resource.name) === resource.name,
  );
  if (found.length !== 1 || found[0] === undefined)
    throw new Error(`${found.length} resources of type ${type} ${name ?? ""}`);
  return found[0];
}

async function mockResource({
  type,
  name,
  inputs,
}: pulumi.runtime.MockResourceArgs): Promise<pulumi.runtime.MockResourceResult> {
  if (type.endsWith(":PublishedImage")) {
    const checked = await publishedImageHandler.check?.({}, inputs as { reference: string });
    return { id: name, state: { ...checked?.inputs } };
  }
  if (type === "random:index/randomPassword:RandomPassword")
    return { id: name, state: { ...inputs, result: "drawn-password" } };
  if (type === "docker:index/image:Image") {
    const repoDigest = inputs.skipPush ? "sha256:image-id" : `${inputs.imageName.split(":")[0]}@sha256:pushed`;
    return { id: name, state: { ...inputs, repoDigest } };
  }
  if (type === "kubernetes:core/v1:Secret") {
    return { id: name, state: { ...inputs, metadata: { ...inputs.metadata, name: `${name}-1a2b3c4d` } } };
  }
  if (type === "kubernetes:helm.sh/v3:Release") return { id: name, state: { ...inputs, status: { revision: 7 } } };
  return { id: `${name}-id`, state: inputs };
}

/** The defaults that the Pulumi CLI takes from `Pulumi.yaml`. */
export function declaredDefaults(): Record<string, string> {
  const project = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as {
    config: Record<string, { default: unknown }>;
  };
  return Object.fromEntries(
    Object.entries(project.config).map(([key, declared]) => [`todo-stack:${key}`, asText(declared.default)]),
  );
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** `urn:pulumi:stack::project::parent$type::name` -> `type::name`; a provider's reference has an ID behind it. */
function shortUrn(urn: string): string {
  const [, , types = "", name = ""] = urn.split("::");
  return types === "" ? "" : `${types.split("$").at(-1)}::${name}`;
}
