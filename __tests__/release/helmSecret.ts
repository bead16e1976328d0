import { gunzipSync, gzipSync } from "node:zlib";
import type { ApiServer } from "../support/apiServer.ts";

/** Where Helm's Secrets of the namespace `todo` are. */
export const secrets = "/api/v1/namespaces/todo/secrets";

/** A revision to store. */
export interface StoredRevision {
  readonly revision: number;
  readonly status?: string;
  readonly description?: string;
  readonly manifest?: string;
  /** When it took its status; default: long ago. */
  readonly since?: Date;
}

/** Stores revisions as Helm does: gzip, Helm's base64, Kubernetes' base64. */
export function storeRevisions(api: ApiServer, ...revisions: StoredRevision[]): void {
  const items = revisions.map(({ revision, status = "deployed", description, manifest, since = new Date(1e12) }) => {
    const release = { info: { status, description: description ?? "chart 0123456789ab" }, manifest, config: { a: 1 } };
    const packed = gzipSync(JSON.stringify(release)).toString("base64");
    const labels = { owner: "helm", name: "todo", version: String(revision), status };
    return {
      metadata: {
        name: `sh.helm.release.v1.todo.v${revision}`,
        labels: { ...labels, modifiedAt: String(Math.floor(since.getTime() / 1000)) },
      },
      data: { release: Buffer.from(packed).toString("base64") },
    };
  });
  api.objects.set(`${secrets}?labelSelector=owner%3Dhelm%2Cname%3Dtodo`, { items });
  for (const item of items) api.objects.set(`${secrets}/${item.metadata.name}`, item);
}

/** What a stored payload holds. */
export function unpacked(payload: string): unknown {
  const packed = Buffer.from(Buffer.from(payload, "base64").toString(), "base64");
  return JSON.parse(gunzipSync(packed).toString("utf8"));
}
