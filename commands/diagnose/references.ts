import type { SecretObject } from "./mask.ts";
import type { Raw } from "./objects.ts";

interface Named {
  readonly name?: string;
  readonly key?: string;
  readonly optional?: boolean;
}

interface RawContainer {
  readonly env?: readonly {
    readonly valueFrom?: { readonly secretKeyRef?: Named; readonly configMapKeyRef?: Named };
  }[];
  readonly envFrom?: readonly { readonly secretRef?: Named; readonly configMapRef?: Named }[];
}

interface RawVolume {
  readonly secret?: { readonly secretName?: string; readonly optional?: boolean };
  readonly configMap?: Named;
}

interface RawSpec {
  readonly containers?: readonly RawContainer[];
  readonly initContainers?: readonly RawContainer[];
  readonly volumes?: readonly RawVolume[];
}

type Kind = "Secret" | "ConfigMap";

/**
 * Secrets, ConfigMaps and keys of them that pods name, must have and do not find.
 *
 * @returns Each as `Secret NAME`, `ConfigMap NAME` or `key KEY in ConfigMap NAME`, once.
 */
export function missingReferences(
  pods: readonly Raw[],
  present: { readonly secrets: readonly SecretObject[]; readonly configMaps: readonly Raw[] },
): string[] {
  const keys = new Map<string, ReadonlySet<string>>([
    ...present.secrets.map((one) => [`Secret ${one.metadata.name}`, keysOf(one)] as const),
    ...present.configMaps.map((one) => [`ConfigMap ${one.metadata.name}`, keysOf(one)] as const),
  ]);
  const missing = pods
    .flatMap(({ spec }) => references(spec as RawSpec))
    .flatMap(({ object, key }) => {
      const found = keys.get(object);
      if (found === undefined) return [object];
      return key !== undefined && !found.has(key) ? [`key ${key} in ${object}`] : [];
    });
  return [...new Set(missing)];
}

function keysOf(object: object): ReadonlySet<string> {
  const { data, binaryData } = object as { data?: object; binaryData?: object };
  return new Set([...Object.keys(data ?? {}), ...Object.keys(binaryData ?? {})]);
}

function references({ containers = [], initContainers = [], volumes = [] }: RawSpec) {
  const all = [...initContainers, ...containers];
  const single = all.flatMap(({ env = [] }) =>
    env.flatMap(({ valueFrom }) => [
      ...named("Secret", valueFrom?.secretKeyRef),
      ...named("ConfigMap", valueFrom?.configMapKeyRef),
    ]),
  );
  const whole = all.flatMap(({ envFrom = [] }) =>
    envFrom.flatMap(({ secretRef, configMapRef }) => [
      ...named("Secret", secretRef),
      ...named("ConfigMap", configMapRef),
    ]),
  );
  const mounted = volumes.flatMap(({ secret, configMap }) => [
    ...named("Secret", secret && { name: secret.secretName ?? "", optional: secret.optional === true }),
    ...named("ConfigMap", configMap),
  ]);
  return [...single, ...whole, ...mounted];
}

function named(kind: Kind, reference: Named | undefined): { object: string; key: string | undefined }[] {
  if (reference?.name === undefined || reference.optional === true) return [];
  return [{ object: `${kind} ${reference.name}`, key: reference.key }];
}
