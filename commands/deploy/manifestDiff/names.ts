import type { KubernetesObject } from "../../../components/cluster/api.ts";
import { MASKED, MASKED_CHANGED } from "./masking.ts";
import type { Plan } from "./plan.ts";
import { CHANGED_SECRET, formerSecrets, SECRET } from "./secrets.ts";
import { mapText, UNKNOWN } from "./values.ts";

/** What stands for a value that only the update will know. */
export const KNOWN_AFTER_UP = "(known after up)";

/** Makes one object readable. */
export type Clear = (object: KubernetesObject) => KubernetesObject;

/**
 * Makes objects readable: what is not known yet says so, and secrets that Pulumi knows of are masked wherever they stand.
 *
 * @param formerValues - The values of the deployed revision.
 */
export function readable({ release, drawnNames }: Pick<Plan, "release" | "drawnNames">, formerValues: unknown): Clear {
  // A secret that holds another one goes first.
  const secrets = formerSecrets(release?.values, formerValues).sort((a, b) => b.length - a.length);
  const replacements: [string, string][] = [
    [UNKNOWN, KNOWN_AFTER_UP],
    ...[...drawnNames].map(([name, stem]): [string, string] => [name, `${stem}-${KNOWN_AFTER_UP}`]),
    ...[...secrets, SECRET].map((secret): [string, string] => [secret, MASKED]),
    [CHANGED_SECRET, MASKED_CHANGED],
  ];
  const replaceAll = (text: string): string =>
    replacements.reduce((result, [from, to]) => result.replaceAll(from, () => to), text);
  return (object) => {
    const shown = mapText(object, replaceAll) as KubernetesObject;
    // The entries of a Secret are compared first, and masked as a whole.
    return object.kind === "Secret" ? { ...shown, ...entriesOf(object) } : shown;
  };
}

function entriesOf(object: KubernetesObject): object {
  const { data, stringData } = object as { data?: unknown; stringData?: unknown };
  return { ...(data === undefined ? {} : { data }), ...(stringData === undefined ? {} : { stringData }) };
}
