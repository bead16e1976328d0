import { ClusterApi, type KubernetesObject } from "./api.ts";
import type { ContextFacts } from "./kubeconfig.ts";

/** A cluster that answers. */
export interface ReachedCluster {
  readonly api: ClusterApi;
  /** What tells a cluster from every other one, also from its successor of the same name: the UID of `kube-system`. */
  readonly uid: string;
}

/**
 * Reaches the cluster of a context.
 *
 * @throws Error that says why it does not answer.
 */
export async function reachCluster(facts: ContextFacts): Promise<ReachedCluster> {
  const api = await ClusterApi.of(facts);
  const namespace = await api.get<KubernetesObject>("/api/v1/namespaces/kube-system");
  if (namespace?.metadata.uid === undefined) throw new Error("it is no Kubernetes API server");
  return { api, uid: namespace.metadata.uid };
}

/** A namespace as it is; `undefined` where there is none. */
export function readNamespace(api: ClusterApi, name: string): Promise<KubernetesObject | undefined> {
  return api.get<KubernetesObject>(`/api/v1/namespaces/${name}`);
}

/** Whether a namespace is on its way out: nothing can be made in it, and what is in it goes. */
export function isTerminating(namespace: KubernetesObject | undefined): boolean {
  return namespace?.metadata.deletionTimestamp !== undefined;
}
