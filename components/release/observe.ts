import * as pulumi from "@pulumi/pulumi";
import type { ClusterApi } from "../cluster/api.ts";
import { type Drift, findDrift } from "./drift.ts";
import { type ReleaseName, readRevisions, unpackRevision } from "./history.ts";
import { parseManifest } from "./manifest.ts";

/** How a release stands in its cluster. */
export interface ReleaseFacts {
  /** The last revision's number. */
  readonly revision: number;
  /** Its description, which names the chart that it came from. */
  readonly description: string;
  /** Why it is not as an update left it, one reason a line; empty where it is. */
  readonly problems: readonly string[];
  /** What was changed or removed by hand. */
  readonly drift: readonly Drift[];
}

/**
 * Looks at a release where it runs: the Kubernetes provider compares inputs alone, and sees neither a release that an
 * interrupted update left behind nor objects that were changed by hand.
 *
 * @returns `undefined` where there is no release.
 * @throws ApiError where the server refuses; Error where it does not answer.
 */
export async function observeRelease(
  api: ClusterApi | undefined,
  release: ReleaseName,
): Promise<ReleaseFacts | undefined> {
  if (api === undefined) return undefined;
  const last = (await readRevisions(api, release)).at(-1);
  if (last === undefined) return undefined;
  const { description, manifest } = await unpackRevision(last);
  const facts = { revision: last.revision, description };
  if (last.status !== "deployed") {
    return { ...facts, drift: [], problems: [`its revision ${last.revision} is ${last.status}`] };
  }
  if (!isOurs(description)) {
    return { ...facts, drift: [], problems: [`its revision ${last.revision} was made otherwise: "${description}"`] };
  }
  const drift = await findDrift(api, release.namespace, parseManifest(manifest));
  return { ...facts, drift, problems: drift.map(tellDrift) };
}

/** The same for an update, which goes on also where the release may not be looked at. */
export async function lookAtRelease(
  api: ClusterApi | undefined,
  release: ReleaseName,
): Promise<ReleaseFacts | undefined> {
  try {
    return await observeRelease(api, release);
  } catch (error) {
    const why = (error as Error).message;
    pulumi.log.warn(`The release ${release.releaseName} cannot be looked at, so nothing of it is repaired: ${why}`);
    return undefined;
  }
}

/** Digits of the chart's hash that a description shows. */
const shownDigits = 12;

/**
 * The description of the release's next revision. The provider compares inputs and the chart's version alone: the hash
 * makes an edited template one of the inputs, the repair makes one of a release that is not as it should be. It reaches no
 * pod, and `helm history` shows it. What a repaired release is called, it keeps: the next comparison finds no difference.
 */
export function releaseDescription(chartHash: string, facts: ReleaseFacts | undefined): string {
  const chart = `chart ${chartHash.slice(0, shownDigits)}`;
  if (facts === undefined) return chart;
  if (facts.problems.length > 0) return `${chart}, repair of revision ${facts.revision}`;
  return facts.description.startsWith(chart) ? facts.description : chart;
}

/**
 * The description of the release's next revision, once it is known how the release stands; images are built meanwhile. Says
 * why a release is about to be upgraded although nothing in its inputs changed.
 */
export async function describeNext(
  chartHash: string,
  { releaseName }: ReleaseName,
  observed: Promise<ReleaseFacts | undefined>,
): Promise<string> {
  const facts = await observed;
  if (facts !== undefined && facts.problems.length > 0)
    pulumi.log.info(`The release ${releaseName} is repaired: ${facts.problems.join("; ")}.`);
  return releaseDescription(chartHash, facts);
}

/** Helm's own descriptions (`Upgrade complete`, `Rollback to 3`) and failures do not look so. */
function isOurs(description: string): boolean {
  return /^chart [0-9a-f]{12}(, repair of revision \d+)?$/.test(description);
}

function tellDrift({ object, live }: Drift): string {
  return `${object} ${live === undefined ? "is missing" : "was changed by hand"}`;
}
