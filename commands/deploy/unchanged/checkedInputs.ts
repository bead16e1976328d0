import type { AskedResource } from "../../../sandbox/runner/mocks.ts";
import type { ResourceFields } from "../../../sandbox/runner/types.ts";
import { contextDigest } from "./contextDigest.ts";
import { Doubt } from "./doubt.ts";

/** What a provider makes of the inputs that the program gives, where nothing changed since those that the state keeps. */
type Check = (asked: AskedResource, kept: ResourceFields) => ResourceFields | Promise<ResourceFields>;

const asGiven: Check = ({ inputs }) => inputs;

/** A dynamic provider's text tells nothing: what it does is compared by what it looks at. */
const dynamic: Check = ({ inputs }, { __provider, generation }) => ({
  ...inputs,
  __provider,
  ...(generation === undefined ? {} : { generation }),
});

const image: Check = async ({ inputs }) => {
  const { build } = inputs;
  const digest = await contextDigest(build.context, build.dockerfile);
  return { buildOnPreview: false, ...inputs, build: { ...build, contextDigest: digest } };
};

/** pulumi/pulumi-kubernetes names what has no name after its resource, and stores every value in base64. */
const secret: Check = ({ name, inputs: { stringData, ...inputs } }, kept) => {
  const { name: drawn, annotations } = kept.metadata as { name?: string; annotations?: ResourceFields };
  const own = drawn?.startsWith(`${name}-`) ? { name: drawn, annotations } : {};
  const data = Object.entries(stringData as Record<string, string>).map(([key, value]) => [key, encoded(value)]);
  return { ...inputs, data: Object.fromEntries(data), metadata: { ...inputs.metadata, ...own } };
};

/**
 * The provider adds its own defaults, all of them no or nothing, and the chart's version, which the description covers; the
 * SDK's word to it, `compat`, it takes out.
 */
const release: Check = ({ inputs: { compat: _compat, ...inputs } }, kept) => {
  const defaults = Object.entries(kept).filter(([, value]) => value === false || value === "");
  return { ...Object.fromEntries(defaults), version: kept.version, ...inputs };
};

const provider: Check = ({ inputs, version }, { __internal }) => ({ ...inputs, __internal, version });

const checks: Readonly<Record<string, Check>> = {
  "pulumi:providers:kubernetes": provider,
  "docker:index/image:Image": image,
  "pulumi-nodejs:dynamic/todo-stack:BuildGeneration": dynamic,
  "pulumi-nodejs:dynamic/todo-stack:NodeImage": dynamic,
  "random:index/randomPassword:RandomPassword": asGiven,
  "kubernetes:core/v1:Namespace": asGiven,
  "kubernetes:core/v1:Secret": secret,
  "kubernetes:helm.sh/v3:Release": release,
};

/**
 * The inputs of a resource as its provider would hand them to the engine.
 *
 * @param kept - The inputs that the state keeps of it.
 * @throws Doubt for a resource of a type that is not known here.
 */
export async function checkedInputs(asked: AskedResource, kept: ResourceFields): Promise<ResourceFields> {
  const check = checks[asked.type];
  if (check === undefined) throw new Doubt(`resources of type ${asked.type} are not known here`);
  return check(asked, kept);
}

const encoded = (value: string): string => Buffer.from(value).toString("base64");
