import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterApi } from "../cluster/api.ts";
import { forgetRevision, overwriteStatus, type ReleaseName, type Revision, readRevisions } from "./history.ts";

/** How a release is made ready for the next operation. */
export interface SettleOptions {
  /** How long an operation may take, in seconds: one that is older was interrupted. */
  readonly timeoutSeconds: number;
  /** Takes one line for people. */
  readonly say: (line: string) => void;
  /** How often the release is asked, in milliseconds; default 1000. */
  readonly pollMilliseconds?: number;
}

/**
 * Makes a release ready for an upgrade. A killed update leaves it in `pending-*`, which Helm refuses for ever ("another
 * operation is in progress", pulumi-kubernetes issue 2054). The operation may still be at work, since a provider outlives
 * the CLI that started it: it gets the time that it had, and only then is its revision marked as failed.
 *
 * @returns The last revision, where nothing had to be marked.
 */
export async function settleRelease(
  api: ClusterApi,
  release: ReleaseName,
  options: SettleOptions,
): Promise<Revision | undefined> {
  const last = await awaitOperation(api, release, options);
  if (last === undefined || !isUnderWay(last)) return last;
  options.say(`Revision ${last.revision} of ${release.releaseName} was left ${last.status}; marking it as failed.`);
  const description = "The update that made this revision was interrupted";
  await overwriteStatus(api, release.namespace, last, { status: "failed", description, since: Date.now() });
  return undefined;
}

/**
 * Makes place for an install where a release is that Pulumi's state does not know: the state was lost, or the update that
 * installed it was killed. Helm forgets its revisions; the objects stay, and the install takes them over by Helm's marks
 * of ownership on them, so what serves goes on serving.
 */
export async function adoptRelease(api: ClusterApi, release: ReleaseName, options: SettleOptions): Promise<void> {
  await awaitOperation(api, release, options);
  const revisions = await readRevisions(api, release);
  if (revisions.length === 0) return;
  options.say(`The release ${release.releaseName} runs already, unknown to this stack; taking it over.`);
  for (const revision of revisions) await forgetRevision(api, release.namespace, revision);
}

/** Waits for an operation that may still be at work; gives back the last revision. */
async function awaitOperation(
  api: ClusterApi,
  release: ReleaseName,
  { timeoutSeconds, say, pollMilliseconds = 1000 }: SettleOptions,
): Promise<Revision | undefined> {
  const limit = timeoutSeconds * 1000;
  const began = Date.now();
  let told = false;
  for (;;) {
    const last = (await readRevisions(api, release)).at(-1);
    // The cluster's clock may differ: nobody waits longer than one whole timeout by this machine's clock.
    const left = limit - Math.max(Date.now() - (last?.since ?? 0), Date.now() - began);
    if (last === undefined || !isUnderWay(last) || left <= 0) return last;
    if (!told) {
      const seconds = Math.ceil(left / 1000);
      say(
        `Revision ${last.revision} of ${release.releaseName} is ${last.status}; waiting for it, at most ${seconds} s ...`,
      );
    }
    told = true;
    await sleep(pollMilliseconds);
  }
}

function isUnderWay({ status }: Revision): boolean {
  return status.startsWith("pending-") || status === "uninstalling";
}
