import { isDeepStrictEqual } from "node:util";
import { ApiError, type ClusterApi, type KubernetesObject } from "../cluster/api.ts";
import type { Fields } from "./fields.ts";
import { nameOf } from "./manifest.ts";
import { isUntouched } from "./untouched.ts";

/** An object in the cluster that is not as its release made it. */
export interface Drift {
  /** `Deployment todo-backend`. */
  readonly object: string;
  /** The object as it is, without what the server adds; `undefined` where it is gone. */
  readonly live: Fields | undefined;
  /** The object as the release would have it, in the same form. */
  readonly wanted: Fields;
}

/** What a group and version of the API offers: https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api */
interface ResourceList {
  readonly resources: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
}

/**
 * The objects of a release that somebody has changed or removed by hand. The API server itself compares: an object differs
 * where a server-side apply of the release's fields, as a dry run, would change it, so that its defaults and its spellings
 * of equal values (`1` and `1000m`) are no difference, and what others may set (replicas of an autoscaler) is none either.
 *
 * @param objects - What the release made, from its manifest.
 * @throws ApiError where the server refuses.
 */
export async function findDrift(
  api: ClusterApi,
  namespace: string,
  objects: readonly KubernetesObject[],
): Promise<Drift[]> {
  const found = await Promise.all(
    objects.map(async (object) => {
      const path = await pathOf(api, namespace, object);
      // A kind whose definition is gone has no objects either.
      return path === undefined ? missing(object) : compare(api, path, object);
    }),
  );
  return found.filter((drift) => drift !== undefined);
}

async function compare(api: ClusterApi, path: string, object: KubernetesObject): Promise<Drift | undefined> {
  const live = await api.get<KubernetesObject>(path);
  if (live === undefined || live.metadata.deletionTimestamp !== undefined) return missing(object);
  // A dry run costs the server far more than the answer (15 ms of its processor each), and mostly there is nothing to compare.
  if (isUntouched(live, object)) return undefined;
  const wanted = await applied(api, path, object);
  const before = comparable(live);
  const after = comparable(wanted);
  return isDeepStrictEqual(before, after) ? undefined : { object: nameOf(object), live: before, wanted: after };
}

/** What cannot be changed in place is refused with 422: then the release's own fields are what is wanted. */
async function applied(api: ClusterApi, path: string, object: KubernetesObject): Promise<KubernetesObject> {
  try {
    return (await api.wouldApply<KubernetesObject>(path, object)) ?? object;
  } catch (error) {
    if (error instanceof ApiError && error.status === 422) return object;
    throw error;
  }
}

function missing(object: KubernetesObject): Drift {
  return { object: nameOf(object), live: undefined, wanted: comparable(object) };
}

/** Without status and bookkeeping, which every server-side apply changes. */
function comparable(object: KubernetesObject): Fields {
  const { status: _status, ...fields } = object as KubernetesObject & { status?: unknown };
  const { name, namespace, labels, annotations } = object.metadata;
  return { ...fields, metadata: { name, namespace, labels, annotations } };
}

/** The address of an object, as the API server's discovery tells it; cluster-wide kinds have no namespace. */
async function pathOf(api: ClusterApi, namespace: string, object: KubernetesObject): Promise<string | undefined> {
  const { apiVersion, kind, metadata } = object;
  const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const offered = await discover(api, group);
  // Subresources (`deployments/scale`) have kinds too.
  const resource = offered?.resources.find((entry) => entry.kind === kind && !entry.name.includes("/"));
  if (resource === undefined) return undefined;
  const scope = resource.namespaced ? `/namespaces/${metadata.namespace ?? namespace}` : "";
  return `${group}${scope}/${resource.name}/${metadata.name}`;
}

const discovered = new WeakMap<ClusterApi, Map<string, Promise<ResourceList | undefined>>>();

function discover(api: ClusterApi, group: string): Promise<ResourceList | undefined> {
  const known = discovered.get(api) ?? new Map<string, Promise<ResourceList | undefined>>();
  discovered.set(api, known);
  const asked = known.get(group) ?? api.get<ResourceList>(group);
  known.set(group, asked);
  return asked;
}
