import { sandboxKubeconfig } from "../../commands/deploy/cluster.ts";
import type { Log } from "../../commands/support/log.ts";
import { ensureTool } from "../../commands/tools/install.ts";
import type { NodeTarget } from "../../components/node/target.ts";
import type { Surroundings } from "./surroundings.ts";

/** The benchmark's sandbox, beside a person's own and those of the test suites. */
export const sandbox = { name: "todo-bench", firstPort: 30480 } as const;

/** The ports of the page, of a Service for the API, and of a registry inside the node. */
export const ports = {
  page: sandbox.firstPort,
  backend: sandbox.firstPort + 1,
  registry: sandbox.firstPort + 9,
} as const;

/** A cluster of the benchmark's own. */
export interface BenchCluster {
  /** The node's container. */
  readonly node: string;
  readonly target: NodeTarget;
  readonly kubeconfig: string;
  readonly kubectl: string;
  readonly helm: string;
}

/** Starts it, anew where one was left behind. */
export async function startCluster(surroundings: Surroundings, log: Log): Promise<BenchCluster> {
  const machine = await surroundings.machine(log);
  const { ensureCluster, removeCluster } = await machine.sandbox();
  const { name, firstPort } = sandbox;
  surroundings.onRemove(() => removeCluster(name, () => undefined));
  await removeCluster(name, log);
  await ensureCluster({ name, nodePort: firstPort }, log);
  const quiet = { ...machine, log };
  return {
    node: name,
    target: { kind: "sandbox", context: name },
    kubeconfig: sandboxKubeconfig(machine, name),
    kubectl: await ensureTool(quiet, "kubectl"),
    helm: await ensureTool(quiet, "helm3"),
  };
}
