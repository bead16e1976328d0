import { fieldManager, type KubernetesObject } from "../cluster/api.ts";
import { isFields } from "./fields.ts";

/** Who sets which fields of an object: https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management */
interface FieldManager {
  readonly manager?: string;
  /** Such as `status`, which controllers set. */
  readonly subresource?: string;
}

/**
 * What Helm calls itself there is its program's name: helm/helm, pkg/kube, `getManagedFieldsManager`. This program sets images
 * alone, which the release's fields name too.
 */
const deployers = ["pulumi-resource-kubernetes", "helm", fieldManager];

/**
 * Whether an object in the cluster is surely as its release made it, as can be told without asking the API server to compare:
 * it has each of the release's fields, and nobody but a deployment has ever set one. Somebody who takes a field away leaves no
 * trace among the managers, and somebody who adds one none among the release's fields: it takes both.
 *
 * @param live - As the API server has it.
 * @param wanted - As the release's manifest has it.
 */
export function isUntouched(live: KubernetesObject, wanted: KubernetesObject): boolean {
  const { managedFields = [] } = live.metadata as { readonly managedFields?: readonly FieldManager[] };
  const managers = managedFields.flatMap(({ manager = "", subresource }) => (subresource === undefined ? manager : []));
  return managers.length > 0 && managers.every((name) => deployers.includes(name)) && covers(live, wanted);
}

/** Whether all that is wanted is there, in the same spelling; what the server adds to it is no difference. */
function covers(live: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(live) && live.length === wanted.length && wanted.every((entry, place) => covers(live[place], entry))
    );
  }
  if (!isFields(wanted)) return live === wanted;
  return isFields(live) && Object.entries(wanted).every(([key, value]) => covers(live[key], value));
}
