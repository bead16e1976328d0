import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { ClusterApi, KubernetesObject } from "../cluster/api.ts";
import type { ChartValues } from "../configuration/configuration.ts";

/** A release in its namespace. */
export interface ReleaseName {
  readonly namespace: string;
  readonly releaseName: string;
}

/** One revision, as the labels of Helm's Secret tell it: helm.sh/helm/v3, pkg/storage/driver/secrets.go. */
export interface Revision {
  readonly revision: number;
  /** `deployed`, `superseded`, `failed`, `pending-install`, `pending-upgrade`, `pending-rollback`, `uninstalling`. */
  readonly status: string;
  /** When it took that status, in milliseconds since 1970. */
  readonly since: number;
  /** The Secret that holds it. */
  readonly secret: string;
  /** What that Secret holds, packed. */
  readonly payload: string;
}

/** What Helm keeps of a revision. */
export interface StoredRelease {
  readonly description: string;
  /** The objects as YAML documents, without hooks. */
  readonly manifest: string;
  /** The values that were given. */
  readonly values: ChartValues;
}

interface HelmSecret extends KubernetesObject {
  readonly data?: { readonly release?: string };
}

const secretsOf = (namespace: string): string => `/api/v1/namespaces/${namespace}/secrets`;

/** Helm's revisions of a release, the oldest first. */
export async function readRevisions(api: ClusterApi, { namespace, releaseName }: ReleaseName): Promise<Revision[]> {
  const selector = encodeURIComponent(`owner=helm,name=${releaseName}`);
  const list = await api.get<{ items: HelmSecret[] }>(`${secretsOf(namespace)}?labelSelector=${selector}`);
  return (list?.items ?? []).map(revisionOf).sort((a, b) => a.revision - b.revision);
}

function revisionOf({ metadata: { name, labels = {}, creationTimestamp = "" }, data }: HelmSecret): Revision {
  const modified = Number(labels.modifiedAt ?? labels.createdAt) * 1000;
  return {
    revision: Number(labels.version),
    status: labels.status ?? "unknown",
    since: Number.isFinite(modified) && modified > 0 ? modified : Date.parse(creationTimestamp),
    secret: name,
    payload: data?.release ?? "",
  };
}

/** What Helm keeps of one revision. */
export async function unpackRevision({ payload }: Revision): Promise<StoredRelease> {
  const { info, manifest = "", config = {} } = await unpack(payload);
  return { description: info?.description ?? "", manifest, values: config };
}

/** A revision as Helm stores it, as far as it is read here: helm.sh/helm/v3, pkg/release/release.go. */
interface HelmRelease {
  readonly info?: { readonly description?: string; readonly status?: string };
  readonly manifest?: string;
  readonly config?: ChartValues;
}

/** Kubernetes' own base64 around Helm's, around gzip, around JSON. */
async function unpack(payload: string): Promise<HelmRelease> {
  const packed = Buffer.from(Buffer.from(payload, "base64").toString("latin1"), "base64");
  return JSON.parse((await promisify(gunzip)(packed)).toString("utf8")) as HelmRelease;
}

async function pack(release: HelmRelease): Promise<string> {
  const packed = await promisify(gzip)(JSON.stringify(release));
  return Buffer.from(packed.toString("base64")).toString("base64");
}

/** What Helm is told of a revision's operation. */
export interface Outcome {
  readonly status: string;
  readonly description: string;
  /** When that was, in milliseconds since 1970. */
  readonly since: number;
}

/** Tells Helm how a revision's operation ended, in the label that it asks by and in what it reads. */
export async function overwriteStatus(
  api: ClusterApi,
  namespace: string,
  revision: Revision,
  { status, description, since }: Outcome,
): Promise<void> {
  const release = await unpack(revision.payload);
  await api.merge(`${secretsOf(namespace)}/${revision.secret}`, {
    metadata: { labels: { status, modifiedAt: String(Math.floor(since / 1000)) } },
    data: { release: await pack({ ...release, info: { ...release.info, status, description } }) },
  });
}

/**
 * Tells Helm of a change that was made beside it: the last revision once more, with other texts in it, is the deployed one.
 *
 * @param last - The last revision, which is deployed.
 * @param rewrite - Changes the stored release's JSON: its values, its objects and its hooks.
 */
export async function addRevision(
  api: ClusterApi,
  { namespace, releaseName }: ReleaseName,
  last: Revision,
  rewrite: (json: string) => string,
): Promise<void> {
  const release = await unpack(last.payload);
  const next = last.revision + 1;
  const now = new Date();
  const info = { ...release.info, last_deployed: now.toISOString() };
  const rewritten = JSON.parse(rewrite(JSON.stringify({ ...release, info, version: next }))) as HelmRelease;
  const seconds = String(Math.floor(now.getTime() / 1000));
  const labels = { owner: "helm", name: releaseName, status: "deployed", version: String(next), createdAt: seconds };
  await api.create(secretsOf(namespace), {
    apiVersion: "v1",
    kind: "Secret",
    type: "helm.sh/release.v1",
    metadata: { name: `sh.helm.release.v1.${releaseName}.v${next}`, labels },
    data: { release: await pack(rewritten) },
  });
  const description = release.info?.description ?? "";
  await overwriteStatus(api, namespace, last, { status: "superseded", description, since: now.getTime() });
}

/** Makes Helm forget a revision; the objects that it deployed stay. */
export async function forgetRevision(api: ClusterApi, namespace: string, { secret }: Revision): Promise<void> {
  await api.delete(`${secretsOf(namespace)}/${secret}`);
}
