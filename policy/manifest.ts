/** A tree of fields, as in YAML; what Kubernetes asks of it is not known to hold. */
export type Fields = Readonly<Record<string, unknown>>;

/** An object of Kubernetes, as far as the rules look into it. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name?: string; readonly namespace?: string; readonly labels?: Fields };
  readonly spec?: Fields;
  readonly data?: unknown;
  readonly stringData?: unknown;
}

/** The specification of a pod. */
export type PodSpec = Fields;

/** A container of whichever kind. */
export interface Container extends Fields {
  readonly name: string;
  readonly image?: string;
}

/** What stands for a value that only an update will know: pulumi/pulumi, pkg/resource/stack/deployment.go. */
export { UNKNOWN } from "../commands/deploy/manifestDiff/values.ts";

/** A map's fields; whatever is no map has none. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** A list's maps; whatever is no list has none. */
export function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

/** The pod that an object is, or makes: of a Pod, a CronJob, and everything with a pod template. */
export function podOf({ kind, spec }: Manifest): PodSpec | undefined {
  if (kind === "Pod") return fieldsOf(spec);
  const holder = kind === "CronJob" ? fieldsOf(fieldsOf(spec).jobTemplate).spec : spec;
  const { template } = fieldsOf(holder);
  return template === undefined ? undefined : fieldsOf(fieldsOf(template).spec);
}

/** Every container of an object's pod, those for its start and for debugging too. */
export function containersOf(object: Manifest): readonly Container[] {
  const pod = podOf(object) ?? {};
  const kinds = [pod.initContainers, pod.containers, pod.ephemeralContainers];
  return kinds.flatMap(listOf).map((container) => ({ ...container, name: String(container.name) }) as Container);
}

/** Variables that stand in a container's own specification. */
export function environmentOf(container: Container): readonly (readonly [name: string, value: string])[] {
  return listOf(container.env).flatMap(({ name, value }) =>
    value === undefined ? [] : [[String(name), String(value)] as const],
  );
}

/** `Deployment todo/todo-backend, container migrate, env LOG_LEVEL`. */
export function placeOf({ kind, metadata }: Manifest, container?: string, key?: string): string {
  const name = [metadata.namespace, metadata.name].filter((part) => part !== undefined && part !== "").join("/");
  const parts = [`${kind} ${name}`, container && `container ${container}`, key];
  return parts.filter((part) => part !== undefined && part !== "").join(", ");
}
