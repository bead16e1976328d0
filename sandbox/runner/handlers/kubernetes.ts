import { randomBytes } from "node:crypto";
import { applyObject, kubectl, readObject } from "../shell.ts";
import type { Handler, Machine, ResourceInputs } from "../types.ts";

/** Marks what the runner made of a resource, so that the next run finds it. */
const resourceLabel = "todo-stack.dev/resource";

interface SecretObject {
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
}

interface NamespaceObject {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
  readonly status?: { readonly phase?: string };
}

/** `pulumi:providers:kubernetes`: tells which context everything else goes to. */
export const providerHandler: Handler = async ({ inputs }, machine) => {
  machine.context = inputs.context as string;
  return { id: "cluster", state: { ...inputs } };
};

/** `kubernetes:core/v1:Namespace` */
export const namespaceHandler: Handler = async ({ inputs }, machine) => {
  const name = inputs.metadata.name as string;
  const found = await readObject<NamespaceObject>(machine, ["namespace", name]);
  const labels = Object.entries(inputs.metadata.labels as Record<string, string>);
  const same =
    found?.status?.phase === "Active" && labels.every(([key, value]) => found.metadata.labels?.[key] === value);
  const apply = async () => {
    if (found?.status?.phase === "Terminating") await kubectl(machine, ["wait", "--for=delete", `namespace/${name}`]);
    await applyObject(machine, { ...inputs, apiVersion: "v1", kind: "Namespace" });
    return { ...inputs };
  };
  const remove = async () => {
    machine.log(`Removing the namespace ${name} ...`);
    await kubectl(machine, ["delete", "namespace", name, "--ignore-not-found", "--wait"]);
  };
  return {
    id: name,
    state: { ...inputs },
    ...(same ? {} : { change: { summary: `namespace ${name}: apply`, apply } }),
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
  const apply = async () => {
    const labels = { [resourceLabel]: name };
    const object = { apiVersion: "v1", kind: "Secret", metadata: { name: secretName, namespace, labels }, data };
    await applyObject(machine, object);
    return state;
  };
  return {
    id: `${namespace}/${secretName}`,
    state,
    ...(found === undefined ? { change: { summary: `secret ${namespace}/${secretName}: create`, apply } } : {}),
  };
};

/** Removes the Secrets that a newer one has replaced, once nothing names them any more. */
export async function removeReplacedSecrets(
  machine: Machine,
  namespace: string,
  current: ReadonlyMap<string, string>,
): Promise<void> {
  for (const [name, kept] of current) {
    const replaced = (await secretsOf(machine, namespace, name))
      .map((secret) => secret.metadata.name)
      .filter((other) => other !== kept);
    if (replaced.length > 0) await kubectl(machine, ["--namespace", namespace, "delete", "secret", ...replaced]);
  }
}

async function secretsOf(machine: Machine, namespace: string, resource: string): Promise<readonly SecretObject[]> {
  const selector = ["--namespace", namespace, "secrets", "--selector", `${resourceLabel}=${resource}`];
  return (await readObject<{ items: SecretObject[] }>(machine, selector))?.items ?? [];
}

function encoded(entries: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(entries).map(([key, value]) => [key, Buffer.from(value).toString("base64")]),
  );
}

function sameEntries(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  return Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([key, value]) => b[key] === value);
}
