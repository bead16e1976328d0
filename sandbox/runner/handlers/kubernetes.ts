import { randomBytes } from "node:crypto";
import { isTerminating, readNamespace } from "../../../components/cluster/reach.ts";
import { applyObject, kubectl } from "../shell.ts";
import type { Handler, Machine, ResourceInputs } from "../types.ts";

/** Marks what the runner made of a resource, so that the next run finds it. */
const resourceLabel = "todo-stack.dev/resource";

/** The Kubernetes provider's own mark of a name that each run draws anew. */
const drawnMark = { "pulumi.com/autonamed": "true" };

interface SecretObject {
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
}

/** `pulumi:providers:kubernetes`: tells which context everything else goes to. */
export const providerHandler: Handler = async ({ inputs }, machine) => {
  machine.context = inputs.context as string;
  machine.connect(machine.context);
  return { id: "cluster", state: { ...inputs } };
};

/** `kubernetes:core/v1:Namespace` */
export const namespaceHandler: Handler = async ({ inputs }, machine) => {
  const name = inputs.metadata.name as string;
  const found = await readNamespace(await machine.api, name);
  const labels = Object.entries(inputs.metadata.labels as Record<string, string>);
  const goes = isTerminating(found);
  const same = found !== undefined && !goes && labels.every(([key, value]) => found.metadata.labels?.[key] === value);
  const apply = async () => {
    if (goes) await kubectl(machine, ["wait", "--for=delete", `namespace/${name}`]);
    await applyObject(machine, { ...inputs, apiVersion: "v1", kind: "Namespace" });
    return { ...inputs };
  };
  const known = labels.filter(([key]) => found?.metadata.labels?.[key] !== undefined);
  const before = found && {
    ...inputs,
    metadata: {
      ...inputs.metadata,
      labels: Object.fromEntries(known.map(([key]) => [key, found.metadata.labels?.[key]])),
    },
  };
  const remove = async () => {
    machine.log(`Removing the namespace ${name} ...`);
    await kubectl(machine, ["delete", "namespace", name, "--ignore-not-found", "--wait"]);
  };
  return {
    id: name,
    state: { ...inputs },
    ...(same ? {} : { change: { summary: `namespace ${name}: apply`, apply, step: { before, after: inputs } } }),
    remove,
  };
};

/** `kubernetes:core/v1:Secret`: new content is a new Secret under a new name, as with Pulumi's own naming. */
export const secretHandler: Handler = async ({ name, inputs }, machine) => {
  const namespace = inputs.metadata.namespace as string;
  const data = encoded(inputs.stringData as Record<string, string>);
  const found = (await secretsOf(machine, namespace, name)).find((secret) => sameEntries(secret.data ?? {}, data));
  const secretName = found?.metadata.name ?? `${name}-${randomBytes(4).toString("hex")}`;
  const state: ResourceInputs = { ...inputs, metadata: { ...inputs.metadata, name: secretName } };
  const metadata = { name: secretName, namespace, labels: { [resourceLabel]: name }, annotations: drawnMark };
  const object = { apiVersion: "v1", kind: "Secret", metadata, data };
  const apply = async () => {
    await applyObject(machine, object);
    return state;
  };
  const step = { before: undefined, after: object };
  return {
    id: `${namespace}/${secretName}`,
    state,
    ...(found === undefined ? { change: { summary: `secret ${namespace}/${secretName}: create`, apply, step } } : {}),
  };
};

/**
 * The Secrets that a newer one has replaced, as Kubernetes objects.
 *
 * @param current - The names in use, by resource.
 */
export async function findReplacedSecrets(
  machine: Machine,
  namespace: string,
  current: ReadonlyMap<string, string>,
): Promise<ResourceInputs[]> {
  const found = await Promise.all(
    [...current].map(async ([resource, kept]) => {
      const secrets = await secretsOf(machine, namespace, resource);
      return secrets.filter(({ metadata }) => metadata.name !== kept);
    }),
  );
  return found.flat().map(({ metadata: { name }, data }) => {
    return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace }, data };
  });
}

/** Removes Secrets, once nothing names them any more. */
export async function removeSecrets(machine: Machine, secrets: readonly ResourceInputs[]): Promise<void> {
  for (const { metadata } of secrets)
    await kubectl(machine, ["--namespace", metadata.namespace, "delete", "secret", metadata.name]);
}

async function secretsOf(machine: Machine, namespace: string, resource: string): Promise<readonly SecretObject[]> {
  const selector = encodeURIComponent(`${resourceLabel}=${resource}`);
  const path = `/api/v1/namespaces/${namespace}/secrets?labelSelector=${selector}`;
  return (await (await machine.api).get<{ items: SecretObject[] }>(path))?.items ?? [];
}

function encoded(entries: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(entries).map(([key, value]) => [key, Buffer.from(value).toString("base64")]),
  );
}

function sameEntries(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  return Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([key, value]) => b[key] === value);
}
