import type { ClusterApi, KubernetesObject } from "../../../components/cluster/api.ts";
import { findContext, kubeconfigPaths } from "../../../components/cluster/kubeconfig.ts";
import { reachCluster } from "../../../components/cluster/reach.ts";
import type { Fields } from "../../../components/release/fields.ts";
import { readRevisions, type StoredRelease, unpackRevision } from "../../../components/release/history.ts";
import { parseManifest } from "../../../components/release/manifest.ts";
import { observeRelease } from "../../../components/release/observe.ts";
import type { ResourceFields, ResourceStep } from "../../../sandbox/runner/types.ts";
import type { Machine } from "../../support/machine.ts";
import { ensureTool } from "../../tools/install.ts";
import type { StackSettings } from "../settings.ts";
import { compareObjects, compareStates, fullNameOf, type ObjectChange } from "./compare.ts";
import { type Clear, readable } from "./names.ts";
import { type Plan, type PlannedRelease, planOf } from "./plan.ts";
import { renderChart } from "./renderChart.ts";
import { withFormerSecrets } from "./secrets.ts";
import { tellChanges } from "./tell.ts";

/** What a person calls the state that the next update makes. */
const afterUp = "after up";

/** Prints what an update would change in the cluster, object by object. */
export async function showManifestDiff(
  machine: Machine,
  settings: StackSettings,
  steps: readonly ResourceStep[],
): Promise<void> {
  const plan = planOf(steps);
  if (plan.release === undefined) {
    machine.log("The preview told of no Helm release, so there is nothing to compare object by object.");
    return;
  }
  const api = await reach(machine, settings);
  const deployed = await readDeployed(api, plan.release);
  const helm = await findHelm(machine);
  if (helm === undefined) return;
  const where = api === undefined ? ", which does not answer yet" : "";
  machine.log(`\nWhat would change in the cluster of context "${settings.context}"${where}, object by object:`);
  const changes = await compare(machine, settings, { plan, release: plan.release, deployed, api, helm });
  for (const line of [...tellChanges(changes, machine.colours), ...plan.remote]) machine.log(line);
}

/** A revision that serves. */
interface Deployed extends StoredRelease {
  readonly revision: number;
}

interface Compared {
  readonly plan: Plan;
  readonly release: PlannedRelease;
  readonly deployed: Deployed | undefined;
  readonly api: ClusterApi | undefined;
  readonly helm: string;
}

async function compare(
  machine: Machine,
  { context }: StackSettings,
  { plan, release, deployed, api, helm }: Compared,
): Promise<ObjectChange[]> {
  const clear = readable(plan, deployed?.values);
  const rendering = { helm, context: api && context, isUpgrade: deployed !== undefined };
  const values = withFormerSecrets(release.values, deployed?.values) as ResourceFields;
  const rendered = await renderChart(machine, { ...release, values }, rendering);
  const wanted = inNamespace(rendered, release.namespace).map(clear);
  const made = inNamespace(parseManifest(deployed?.manifest ?? ""), release.from.namespace).map(clear);
  const sides = { before: `revision ${deployed?.revision}`, after: afterUp };
  const own = { before: "now", after: afterUp };
  return [
    ...compareObjects(plan.before.map(clear), plan.after.map(clear), own),
    ...compareObjects(made, wanted, sides),
    ...(await comparePutBack(api, release, wanted, clear)),
  ];
}

/** What somebody has changed by hand goes back, unless the update takes the whole object away. */
async function comparePutBack(
  api: ClusterApi | undefined,
  { from }: PlannedRelease,
  wanted: readonly KubernetesObject[],
  clear: Clear,
): Promise<ObjectChange[]> {
  const stays = new Set(wanted.map(fullNameOf));
  const drift = (await observeRelease(api, from))?.drift ?? [];
  const shown = (fields: Fields) => inNamespace([fields as unknown as KubernetesObject], from.namespace).map(clear)[0];
  return drift.flatMap(({ live, wanted: goal }) => {
    const put = shown(goal);
    if (put === undefined || !stays.has(fullNameOf(put))) return [];
    const sides = { before: "as it is", after: "put back" };
    const changes = compareStates(fullNameOf(put), live && shown(live), put, sides);
    return changes.map((change) => ({ ...change, kind: "put back" as const }));
  });
}

/** What Pulumi told stands already; nothing is lost but the comparison. */
async function findHelm(machine: Machine): Promise<string | undefined> {
  try {
    return await ensureTool(machine, "helm3");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    machine.log(`\nThe comparison object by object needs Helm 3, which could not be brought: ${why}`);
    machine.log("Install it: https://helm.sh/docs/intro/install/");
    return undefined;
  }
}

/** A production stack is previewed before its cluster is there. */
async function reach({ env }: Machine, { context }: StackSettings): Promise<ClusterApi | undefined> {
  const facts = findContext(kubeconfigPaths(env.KUBECONFIG), context);
  if (facts === undefined) return undefined;
  return reachCluster(facts).then(
    ({ api }) => api,
    () => undefined,
  );
}

/** An update that was interrupted or has failed leaves later revisions, whose objects do not serve. */
async function readDeployed(api: ClusterApi | undefined, { from }: PlannedRelease): Promise<Deployed | undefined> {
  if (api === undefined) return undefined;
  const last = (await readRevisions(api, from)).findLast(({ status }) => status === "deployed");
  return last === undefined ? undefined : { ...(await unpackRevision(last)), revision: last.revision };
}

/** Charts leave the namespace to Helm. */
function inNamespace(objects: readonly KubernetesObject[], namespace: string): KubernetesObject[] {
  return objects.map((object) => {
    const { metadata } = object;
    return { ...object, metadata: { ...metadata, namespace: metadata.namespace ?? namespace } };
  });
}
