import { removeCommand, setCommand } from "../components/configuration/problems.ts";
import type { Manifest } from "./manifest.ts";

/** One thing that must not reach production. */
export interface Violation {
  /** What is wrong. */
  readonly what: string;
  /** The object, the container, the key. */
  readonly where: string;
  /** The command that mends it, or for what no command can, what to write. */
  readonly remedy: string;
}

/** Where objects come from, and so how they are mended. */
export interface Origin {
  readonly stack: string;
  readonly production: boolean;
  /** The variables of the backend that the stack's key `env` sets. */
  readonly env: readonly string[];
  /** Rendered by this project's chart, which takes the stack's `values`; else made by a program or another chart. */
  readonly ownChart: boolean;
}

/** A rule over all objects that come from one place. */
export interface Rule {
  /** The policy's name in Pulumi's output. */
  readonly name: string;
  readonly description: string;
  readonly check: (objects: readonly Manifest[], origin: Origin) => readonly Violation[];
}

/** The label by which the chart's objects say to which part of `values` they belong. */
const componentLabel = "app.kubernetes.io/component";

/** The parts of the chart whose values stand at the top; those of further services stand under `services`. */
const components = ["frontend", "backend", "database"];

/** Parts that are set by another's values. */
const setWith: Readonly<Record<string, string>> = { test: "backend", "database-login": "database" };

/**
 * How a field of an object is set: the chart's value where the object is the chart's, else the field itself.
 *
 * @param value - Where the setting stands under the component's values, and an example of it.
 * @param field - What to write into an object of somebody else's.
 */
export function mendBySetting(
  object: Manifest,
  { stack, ownChart }: Origin,
  value: readonly [path: string, example: string],
  field: string,
): string {
  const place = valuesOf(object);
  if (!ownChart || place === undefined) return `where the object is made, write ${field}`;
  return setCommand(stack, `--path values.${place}.${value[0]}`, value[1]);
}

function mendByRemoving(object: Manifest, { stack, ownChart }: Origin, path: string, field: string): string {
  const place = valuesOf(object);
  if (!ownChart || place === undefined) return `where the object is made, ${field}`;
  return removeCommand(stack, `--path values.${place}.${path}`);
}

/** How a variable goes out of a container's environment, wherever the stack sets it. */
export function mendByUnsetting(object: Manifest, origin: Origin, name: string): string {
  const { stack, ownChart, env } = origin;
  if (ownChart && env.includes(name)) return removeCommand(stack, `--path env.${name}`);
  return mendByRemoving(object, origin, `env.${name}`, `remove ${name}`);
}

/** What a person reads of a violation. */
export function describeViolation({ what, where, remedy }: Violation): string {
  return `${where}: ${what}\n  mend it with: ${remedy}`;
}

/** Where the values of the part stand that an object belongs to. */
function valuesOf({ metadata }: Manifest): string | undefined {
  const label = metadata.labels?.[componentLabel];
  if (typeof label !== "string") return undefined;
  const component = setWith[label] ?? label;
  return components.includes(component) ? component : `services.${component}`;
}
