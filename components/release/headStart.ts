import { isDeepStrictEqual } from "node:util";
import { type Deployment, deploymentPath, imagesPatch, waitForRollout } from "../../rollout/deployment.ts";
import type { ClusterApi, KubernetesObject } from "../cluster/api.ts";
import { type Fields, isFields } from "./fields.ts";
import { type ReleaseName, type Revision, unpackRevision } from "./history.ts";
import { parseManifest } from "./manifest.ts";

/** References of images, each before an update by the one after it. */
export type MovedImages = ReadonlyMap<string, string>;

/**
 * The images that an update of the release moves, where it changes nothing else.
 *
 * @param olds - The release's inputs of the last update.
 * @param news - Its inputs now.
 * @returns `undefined` where anything but tags of images differs.
 */
export function movedImages(olds: unknown, news: unknown): MovedImages | undefined {
  const moved = new Map<string, string>();
  return moveOnly(olds, news, moved) ? moved : undefined;
}

type Tagged = Fields & { readonly repository: string; readonly tag: string };

function moveOnly(olds: unknown, news: unknown, moved: Map<string, string>): boolean {
  if (isDeepStrictEqual(olds, news)) return true;
  if (!isFields(olds) || !isFields(news)) return false;
  if (isTagged(olds) && isTagged(news)) {
    moved.set(`${olds.repository}:${olds.tag}`, `${news.repository}:${news.tag}`);
    return isDeepStrictEqual({ ...olds, tag: "" }, { ...news, tag: "" });
  }
  const keys = Object.keys(news);
  return keys.length === Object.keys(olds).length && keys.every((key) => moveOnly(olds[key], news[key], moved));
}

/** Whether these values name an image by its tag; where there is a digest, it wins. */
function isTagged(values: Fields): values is Tagged {
  return typeof values.repository === "string" && typeof values.tag === "string" && values.digest === "";
}

/**
 * Gives the Deployments of a release their new images, as Helm is about to. Where Helm never comes to it, the next update sees
 * the drift.
 *
 * @param last - The last revision; nothing is done where it is not deployed.
 * @param moved - From `movedImages`.
 * @returns The names of the Deployments that got one.
 * @throws ApiError where the server refuses.
 */
export async function startAhead(
  api: ClusterApi,
  { namespace }: ReleaseName,
  last: Revision,
  moved: MovedImages,
): Promise<string[]> {
  if (last.status !== "deployed") return [];
  const { manifest } = await unpackRevision(last);
  const deployments = parseManifest(manifest).filter(({ kind }) => kind === "Deployment");
  const started = await Promise.all(
    (deployments as (KubernetesObject & Deployment)[]).map(async (deployment) => {
      const { name } = deployment.metadata;
      const patch = imagesPatch(deployment, moved);
      if (patch === undefined) return [];
      await api.mergeByName(deploymentPath(namespace, name), patch);
      return [name];
    }),
  );
  return started.flat();
}

/** How long an upgrade keeps the rest waiting for pods that start, in milliseconds: about what a small server takes. */
const patience = 6000;

/**
 * Waits until Deployments are rolled out, and no longer than such a thing mostly takes: what does not serve by then is Helm's
 * matter. Pods start slower beside Helm, which is at work for a second, and asks for them every two seconds only.
 *
 * @param signal - Ends the wait.
 */
export async function awaitStarted(
  api: ClusterApi,
  { namespace }: ReleaseName,
  names: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const either = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
  await Promise.allSettled(names.map((name) => waitForRollout(api, { namespace, name }, either)));
}
