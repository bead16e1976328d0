import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import { stringify } from "yaml";
import type { KubernetesObject } from "../../../components/cluster/api.ts";
import type { Fields } from "../../../components/release/fields.ts";
import { maskPair } from "./masking.ts";
import { isSame } from "./values.ts";

/** What an update would do to one object of the cluster. */
export interface ObjectChange {
  readonly kind: "added" | "removed" | "changed" | "put back";
  /** `Deployment todo/todo-backend`: kind, namespace and name. */
  readonly object: string;
  /** The unified diff of its YAML, masked. */
  readonly patch: string;
}

/** What the two sides of a comparison are called in a diff's head. */
export interface Sides {
  readonly before: string;
  readonly after: string;
}

/** Lines of context around a change, as `diff -u` and git have it. */
const contextLines = 3;

/** Compares objects by kind, namespace and name; what is equal is left out. */
export function compareObjects(
  before: readonly KubernetesObject[],
  after: readonly KubernetesObject[],
  sides: Sides,
): ObjectChange[] {
  const old = byName(before);
  const next = byName(after);
  const stays = [...old].filter(([name, object]) => !next.has(name) && !isKept(object));
  const pairs = [...next].map(([name, object]) => [name, old.get(name), object] as const);
  const removed = stays.map(([name, object]) => [name, object, undefined] as const);
  return [...pairs, ...removed].flatMap(([name, from, to]) => compareStates(name, from, to, sides));
}

/** Compares two states of one object, of which one may be absent; what is equal is no change. */
export function compareStates(
  object: string,
  before: object | undefined,
  after: object | undefined,
  sides: Sides,
): ObjectChange[] {
  const [from, to] = maskPair([before as Fields | undefined, after as Fields | undefined]);
  if (isSame(from, to)) return [];
  const kind = from === undefined ? "added" : to === undefined ? "removed" : "changed";
  const patch = createTwoFilesPatch(
    from === undefined ? "/dev/null" : object,
    to === undefined ? "/dev/null" : object,
    from === undefined ? "" : textOf(from),
    to === undefined ? "" : textOf(to),
    from === undefined ? "" : sides.before,
    to === undefined ? "" : sides.after,
    { context: contextLines, headerOptions: FILE_HEADERS_ONLY },
  );
  return [{ kind, object, patch: patch.trimEnd() }];
}

/** `Deployment todo/todo-backend`; what belongs to no namespace has its name alone. */
export function fullNameOf({ kind, metadata: { name, namespace } }: KubernetesObject): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

function byName(objects: readonly KubernetesObject[]): Map<string, KubernetesObject> {
  return new Map(objects.map((object) => [fullNameOf(object), object]));
}

/** Helm leaves it behind: https://helm.sh/docs/howto/charts_tips_and_tricks/#tell-helm-not-to-uninstall-a-resource */
function isKept({ metadata }: KubernetesObject): boolean {
  return metadata.annotations?.["helm.sh/resource-policy"] === "keep";
}

/** The order of keys is no difference. */
function textOf(object: Fields): string {
  return stringify(object, { sortMapEntries: true, lineWidth: 0 });
}
