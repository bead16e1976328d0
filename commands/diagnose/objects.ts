import type { ClusterApi, KubernetesObject } from "../../components/cluster/api.ts";
import { readRevisions } from "../../components/release/history.ts";
import type { StackFacts } from "./facts.ts";
import { within } from "./machineFacts.ts";
import type { SecretObject } from "./mask.ts";

/** An object as the API server has it. */
export type Raw = KubernetesObject & Readonly<Record<string, unknown>>;

type Lists = { readonly [name in keyof ReturnType<typeof paths>]: readonly Raw[] };

/** The answers of the first round of questions; a list that could not be read is empty, and `unread` says so. */
export interface RawObjects extends Lists {
  readonly namespaceObject: Raw | undefined;
  /** Absent where Secrets may not be read. */
  readonly secrets: readonly SecretObject[] | undefined;
  readonly revisions: Awaited<ReturnType<typeof readRevisions>>;
  readonly unread: readonly string[];
}

/** Everything is asked at once, as lists of the namespace and of what it stands on. */
function paths({ namespace, releaseName }: StackFacts) {
  const own = `?labelSelector=${encodeURIComponent(`app.kubernetes.io/instance=${releaseName}`)}`;
  const dns = `?labelSelector=${encodeURIComponent("k8s-app=kube-dns")}`;
  const dnsService = `?labelSelector=${encodeURIComponent("kubernetes.io/service-name=kube-dns")}`;
  const within = (group: string, kind: string): string => `${group}/namespaces/${namespace}/${kind}`;
  return {
    nodes: "/api/v1/nodes",
    leases: "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases",
    dnsDeployments: `/apis/apps/v1/namespaces/kube-system/deployments${dns}`,
    dnsEndpoints: `/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices${dnsService}`,
    pods: `${within("/api/v1", "pods")}${own}`,
    deployments: `${within("/apis/apps/v1", "deployments")}${own}`,
    replicaSets: `${within("/apis/apps/v1", "replicasets")}${own}`,
    statefulSets: `${within("/apis/apps/v1", "statefulsets")}${own}`,
    jobs: `${within("/apis/batch/v1", "jobs")}${own}`,
    services: `${within("/api/v1", "services")}${own}`,
    endpoints: within("/apis/discovery.k8s.io/v1", "endpointslices"),
    claims: within("/api/v1", "persistentvolumeclaims"),
    storageClasses: "/apis/storage.k8s.io/v1/storageclasses",
    quotas: within("/api/v1", "resourcequotas"),
    autoscalers: within("/apis/autoscaling/v2", "horizontalpodautoscalers"),
    policies: within("/apis/networking.k8s.io/v1", "networkpolicies"),
    events: within("/api/v1", "events"),
    configMaps: within("/api/v1", "configmaps"),
  };
}

/** Reads what the cluster holds; a question that is refused or not answered is noted and leaves the others alone. */
export async function readObjects(api: ClusterApi, stack: StackFacts): Promise<RawObjects> {
  const unread: string[] = [];
  const asked = async <T>(what: string, question: Promise<T>): Promise<T | undefined> => {
    try {
      return await within(question);
    } catch (error) {
      unread.push(`${what}: ${(error as Error).message}`);
      return undefined;
    }
  };
  const list = async (name: string, path: string): Promise<[string, readonly Raw[]]> => {
    const answer = await asked(name, api.get<{ items?: readonly Raw[] }>(path));
    return [name, answer?.items ?? []];
  };
  const base = `/api/v1/namespaces/${stack.namespace}`;
  const notHelm = `${base}/secrets?fieldSelector=${encodeURIComponent("type!=helm.sh/release.v1")}`;
  const [namespaceObject, secrets, revisions, ...lists] = await Promise.all([
    asked("namespace", api.get<Raw>(base)),
    asked("secrets", api.get<{ items?: SecretObject[] }>(notHelm)),
    asked("release", readRevisions(api, stack)),
    ...Object.entries(paths(stack)).map(([name, path]) => list(name, path)),
  ]);
  return {
    ...(Object.fromEntries(lists) as unknown as Lists),
    namespaceObject,
    secrets: secrets?.items,
    revisions: revisions ?? [],
    unread,
  };
}
