import { join } from "node:path";
import type { Engine } from "../machine/engine.ts";
import { UserError } from "../support/errors.ts";
import type { Machine } from "../support/machine.ts";
import { containerOn, isOccupied, listenerOn } from "../support/ports.ts";
import { run } from "../support/run.ts";
import { ensureTool } from "../tools/install.ts";
import { forwardsPort } from "./forward.ts";
import { ensureMinikube } from "./minikube.ts";
import { waitForPage } from "./page.ts";
import { readRecord } from "./record.ts";
import type { Overrides, StackSettings } from "./settings.ts";
import type { Way } from "./way.ts";

/** A cluster that runs, and what the stack's file must say otherwise because of it. */
export interface ReadyCluster {
  readonly overrides: Overrides;
  /** The settings with the overrides in them. */
  readonly settings: StackSettings;
}

/** The sandbox cluster's name, which is its context too. */
export function sandboxName({ env }: Machine): string {
  return env.TODO_STACK_SANDBOX || "todo-sandbox";
}

/**
 * Starts the cluster of the chosen way, unless it runs.
 *
 * @throws UserError where the page's port is another's, or a cluster that is not ours to start does not answer.
 */
export async function startCluster(
  machine: Machine,
  settings: StackSettings,
  way: Way,
  engine: Engine,
): Promise<ReadyCluster> {
  if (way.cluster === "sandbox") return startSandbox(machine, settings);
  if (way.cluster === "minikube") {
    await ensurePortIsOurs(machine, settings, (container) => container === settings.context);
    const minikube = await ensureTool(machine, "minikube");
    const { context: profile, nodePort } = settings;
    await ensureMinikube(machine, { minikube, profile, nodePort, engine });
    return { overrides: {}, settings };
  }
  await ensureAnswers(machine, settings);
  // kind and k3d name their containers after the cluster, with their own name before or behind.
  const cluster = settings.context.replace(/^(kind|k3d)-/, "");
  await ensurePortIsOurs(machine, settings, (container) => container.includes(cluster));
  return { overrides: {}, settings };
}

/** Points kubectl and the CLI at the sandbox where the stack was deployed there: no kubeconfig of the user names it. */
export async function useDeployedCluster(machine: Machine, stack: string): Promise<void> {
  if ((await readRecord(machine, stack))?.cluster !== "sandbox") return;
  machine.env.KUBECONFIG = sandboxKubeconfig(machine, sandboxName(machine));
}

/** The kubeconfig of a sandbox, which is there once it runs. */
export function sandboxKubeconfig({ cache }: Machine, name: string): string {
  return join(cache, "sandbox", name, "kubeconfig");
}

async function startSandbox(machine: Machine, settings: StackSettings): Promise<ReadyCluster> {
  const { name, first, overrides, moved } = placeInSandbox(machine, settings);
  await ensurePortIsOurs(machine, moved, (container) => container === name);
  const sandbox = await machine.sandbox();
  await machine.log.step("Base images", (log) => sandbox.ensureBaseImages(log));
  const title = `Sandbox cluster "${name}"`;
  const cluster = await machine.log.step(title, (log) => sandbox.ensureCluster({ name, nodePort: first }, log));
  machine.env.KUBECONFIG = cluster.kubeconfig;
  return { overrides, settings: moved };
}

/** Where a stack goes in the sandbox of this checkout; its context has the sandbox's name. */
export function placeInSandbox(machine: Machine, settings: StackSettings) {
  const name = sandboxName(machine);
  const { first, nodePort } = sandboxPorts(machine, settings);
  const overrides = { context: name, target: "sandbox", nodePort };
  return { name, first, overrides, moved: { ...settings, ...overrides } };
}

/** A sandbox has ten ports in a row; a page's port among them is no reason for another sandbox. */
function sandboxPorts({ env }: Machine, settings: StackSettings): { first: number; nodePort: number } {
  const first = Number(env.TODO_STACK_SANDBOX_PORT) || 30080;
  const nodePort = settings.nodePortIsChosen ? settings.nodePort : first;
  return nodePort >= first && nodePort < first + 10 ? { first, nodePort } : { first: nodePort, nodePort };
}

async function ensurePortIsOurs(
  machine: Machine,
  settings: StackSettings,
  isOurs: (container: string) => boolean,
): Promise<void> {
  const { nodePort, stack } = settings;
  if (!(await isOccupied(nodePort)) || (await forwardsPort(machine, stack, nodePort))) return;
  const container = await containerOn(nodePort, machine.env);
  if (container !== undefined && isOurs(container)) return;
  // Docker Desktop's own proxy holds the ports of its cluster: then it is our page that answers.
  if ((await waitForPage(machine, { url: `http://127.0.0.1:${nodePort}`, own: settings.own }, 0)) === undefined) return;
  const holder = (await listenerOn(nodePort, machine.env)) ?? "another program";
  throw new UserError(
    `Port ${nodePort} of 127.0.0.1 is occupied by ${holder}.`,
    `End that, or choose another port: pulumi config set nodePort ${nodePort + 1} --stack ${stack}\n` +
      `(the same by hand: "nodePort: ${nodePort + 1}" under config: in Pulumi.${stack}.yaml)`,
  );
}

/** A cluster that somebody else runs is asked before anything is built for it. */
async function ensureAnswers(machine: Machine, { context, stack }: StackSettings): Promise<void> {
  const kubectl = await ensureTool(machine, "kubectl");
  const args = ["--context", context, "--request-timeout=5s", "get", "--raw", "/readyz"];
  const { code, stderr } = await run(kubectl, args, { env: machine.env, allowFailure: true, timeoutMs: 15_000 });
  if (code === 0) return;
  throw new UserError(
    `The cluster of context "${context}" does not answer: ${stderr.trim().split("\n").at(-1)}`,
    `Start it, or name another one: pulumi config set context NAME --stack ${stack}   (kubectl config get-contexts)`,
  );
}
