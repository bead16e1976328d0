import type { ClusterApi, KubernetesObject } from "../../../components/cluster/api.ts";
import { findNodes, isLost, nodesWithout } from "../../../components/node/presence.ts";
import type { NodeTarget } from "../../../components/node/target.ts";
import { readRevisions } from "../../../components/release/history.ts";
import { Doubt } from "./doubt.ts";
import type { KeptResource } from "./stackState.ts";

/** Asks the engine or the cluster whether a resource is as the state has it. */
type Look = (kept: KeptResource, api: ClusterApi) => Promise<void>;

interface KeptObject {
  readonly metadata: { readonly name: string; readonly namespace?: string; uid?: string; resourceVersion?: string };
}

const placed = ({ inputs }: KeptResource) => inputs as unknown as { target: NodeTarget; reference: string };

/** Every change of an object, whoever made it, gives it another version: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions */
const objectAt =
  (path: (object: KeptObject) => string): Look =>
  async ({ urn, outputs }, api) => {
    const kept = outputs as unknown as KeptObject;
    const live = await api.get<KubernetesObject & KeptObject>(path(kept));
    const { uid, resourceVersion, deletionTimestamp } = live?.metadata ?? {};
    const same = uid === kept.metadata.uid && resourceVersion === kept.metadata.resourceVersion;
    if (uid === undefined || !same || deletionTimestamp !== undefined) throw new Doubt(`${urn} was touched`);
  };

const namespace = objectAt(({ metadata }) => `/api/v1/namespaces/${metadata.name}`);
const secret = objectAt(({ metadata }) => `/api/v1/namespaces/${metadata.namespace}/secrets/${metadata.name}`);

/** What the release consists of, the program itself compares with its manifest. */
const release: Look = async ({ urn, outputs }, api) => {
  const kept = (outputs as { status?: { name?: string; namespace?: string; revision?: number } }).status ?? {};
  const { name: releaseName = "", namespace = "", revision } = kept;
  const last = (await readRevisions(api, { namespace, releaseName })).at(-1);
  if (last?.status !== "deployed" || last.revision !== revision) throw new Doubt(`${urn} is of another revision`);
};

const nodeImage: Look = async (kept) => {
  const { target, reference } = placed(kept);
  const lacking = await nodesWithout(reference, await findNodes(target));
  if (lacking.length > 0) throw new Doubt(`${lacking.join(", ")} lacks ${reference}`);
};

const buildGeneration: Look = async (kept) => {
  const { target, reference } = placed(kept);
  if (await isLost(target, reference)) throw new Doubt(`${reference} is lost`);
};

/** The other types have nothing outside of the state that their providers look at. */
const looks: Readonly<Record<string, Look>> = {
  "pulumi-nodejs:dynamic/todo-stack:BuildGeneration": buildGeneration,
  "pulumi-nodejs:dynamic/todo-stack:NodeImage": nodeImage,
  "kubernetes:core/v1:Namespace": namespace,
  "kubernetes:core/v1:Secret": secret,
  "kubernetes:helm.sh/v3:Release": release,
};

/**
 * Looks at a resource where it is.
 *
 * @throws Doubt where it is not as the last update left it.
 */
export async function lookAtResource(kept: KeptResource, api: ClusterApi): Promise<void> {
  await looks[kept.type]?.(kept, api);
}
