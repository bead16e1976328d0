import { RunError } from "@pulumi/pulumi";
import type { ClusterApi } from "../cluster/api.ts";
import type { Configuration } from "../configuration/configuration.ts";
import { kagentVersion } from "./charts.ts";

/** What kagent 0.x says that it runs on: contrib/cncf/technical-review.md of its repository. Its charts themselves check nothing. */
const leastKubernetes = [1, 27] as const;

/**
 * Refuses kagent on a cluster that is too old for it, before anything is made.
 *
 * @param api - Absent in a production preview that comes before the cluster; then nothing can be told.
 * @throws RunError
 */
export async function requireKubernetes(api: ClusterApi | undefined, configuration: Configuration): Promise<void> {
  const found = await api?.get<{ readonly major: string; readonly minor: string }>("/version");
  if (found === undefined) return;
  // Some vendors write `34+`.
  const [major, minor] = [Number.parseInt(found.major, 10), Number.parseInt(found.minor, 10)];
  const [leastMajor, leastMinor] = leastKubernetes;
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return;
  const { context, stack } = configuration;
  throw new RunError(
    `kagent ${kagentVersion} needs Kubernetes ${leastMajor}.${leastMinor} or later; the cluster of context "${context}" has ` +
      `${major}.${minor}. Nothing was changed. Upgrade the cluster, or do without kagent:\n` +
      `  pulumi config set --stack ${stack} --path kagent.enabled false`,
  );
}
