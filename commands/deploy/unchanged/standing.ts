import { ClusterApi } from "../../../components/cluster/api.ts";
import { kubeconfigPaths } from "../../../components/cluster/kubeconfig.ts";
import { ensureDisk, ensureEngineDisk } from "../../machine/disk.ts";
import { askEngine } from "../../machine/engine.ts";
import type { Machine } from "../../support/machine.ts";
import { placeInSandbox } from "../cluster.ts";
import { waitForPage } from "../page.ts";
import type { DeploymentRecord } from "../record.ts";
import type { StackSettings } from "../settings.ts";
import { Doubt } from "./doubt.ts";

/**
 * Whether all that comes before the program is done: disks with room, an engine, a cluster that runs, a page that answers.
 * Everything is asked at once; nothing is started.
 *
 * @param configured - The settings of the committed file.
 * @param moved - The same as the way's cluster has them.
 * @throws Doubt, or what failed.
 */
export async function lookAtMachine(
  machine: Machine,
  { cluster }: DeploymentRecord,
  { configured, moved }: { readonly configured: StackSettings; readonly moved: StackSettings },
): Promise<void> {
  const running = cluster === "sandbox" ? lookAtSandbox(machine, configured) : lookAtCluster(machine, moved);
  const page = waitForPage(machine, { url: `http://127.0.0.1:${moved.nodePort}`, own: moved.own }, 0);
  const [answer, missing] = await Promise.all([
    askEngine(machine),
    page,
    ensureDisk(machine, [machine.root, machine.cache]),
    running,
  ]);
  if (missing !== undefined) throw new Doubt(missing);
  if (!("engine" in answer)) throw new Doubt(answer.problem);
  await ensureEngineDisk(machine, answer.engine);
}

/** A node, as far as it tells whether its kubelet is at work: https://kubernetes.io/docs/reference/node/node-status/#condition */
interface ClusterNode {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** What a cluster consists of is its own affair, as long as it answers and its nodes are ready. */
async function lookAtCluster({ env }: Machine, { context }: StackSettings): Promise<void> {
  const api = await ClusterApi.named(kubeconfigPaths(env.KUBECONFIG), context);
  const nodes = (await api.get<{ readonly items: readonly ClusterNode[] }>("/api/v1/nodes"))?.items ?? [];
  if (nodes.length === 0 || !nodes.every(isReady)) throw new Doubt(`the cluster of context "${context}" is not ready`);
}

function isReady({ status }: ClusterNode): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false;
}

async function lookAtSandbox(machine: Machine, settings: StackSettings): Promise<void> {
  const { name, first } = placeInSandbox(machine, settings);
  const { isStanding } = await machine.sandbox();
  if (!(await isStanding({ name, nodePort: first }))) throw new Doubt(`the sandbox "${name}" is not ready`);
}
