import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { kubeconfigPaths } from "../../components/cluster/kubeconfig.ts";
import { nodeFilter } from "../../components/node/target.ts";
import { placeInSandbox, sandboxKubeconfig, sandboxName } from "../deploy/cluster.ts";
import { stackUrl } from "../deploy/deployed.ts";
import { type DeploymentRecord, readRecord } from "../deploy/record.ts";
import { readSettings, type StackSettings } from "../deploy/settings.ts";
import { knownClientFolder } from "../machine/engine.ts";
import type { Machine } from "../support/machine.ts";
import { findOnPath } from "../tools/install.ts";
import type { ClusterFacts, StackFacts } from "./facts.ts";

/** Where a stack is, told from its file and from how it was deployed last; nothing is asked of the network. */
export interface Place {
  /** The machine with the environment that leads there. */
  readonly machine: Machine;
  readonly settings: StackSettings;
  readonly stack: StackFacts;
  readonly kind: ClusterFacts["kind"];
  readonly kubeconfigs: readonly string[];
  /** The page's address; empty where a production stack names no host yet. */
  readonly url: string;
}

/**
 * Finds where a stack is.
 *
 * @throws UserError where there is no such stack.
 */
export async function findPlace(given: Machine, name: string): Promise<Place> {
  const configured = await readSettings(given.root, name);
  const record = await readRecord(given, name);
  const sandboxed = !configured.production && isSandboxed(given, configured, record);
  const machine = { ...given, env: environment(given, sandboxed) };
  const settings: StackSettings = sandboxed ? placeInSandbox(machine, configured).moved : configured;
  const stack: StackFacts = {
    name,
    production: settings.production,
    context: settings.context,
    namespace: settings.namespace,
    releaseName: settings.releaseName,
    nodePort: settings.nodePort,
    ...(record !== undefined && { deployedBy: record.program }),
    kubectl: await kubectlWords(machine, settings, sandboxed),
  };
  return {
    machine,
    settings,
    stack,
    kind: sandboxed ? "sandbox" : kindOf(settings),
    kubeconfigs: kubeconfigPaths(machine.env.KUBECONFIG),
    url: settings.production && settings.host === "" ? "" : stackUrl(settings),
  };
}

/** What is deployed keeps its way; what is not would go there if it is told to. */
function isSandboxed({ env }: Machine, { target }: StackSettings, record: DeploymentRecord | undefined): boolean {
  if (record !== undefined) return record.cluster === "sandbox";
  return env.TODO_STACK_WAY === "sandbox" || target === "sandbox";
}

/** The sandbox has a kubeconfig of its own, and an engine whose client `up` has put into the state folder. */
function environment(machine: Machine, sandboxed: boolean): NodeJS.ProcessEnv {
  if (!sandboxed) return machine.env;
  const name = sandboxName(machine);
  const client = knownClientFolder(machine);
  const path = [...(client === undefined ? [] : [client]), machine.env.PATH ?? ""].join(delimiter);
  return { ...machine.env, PATH: path, KUBECONFIG: sandboxKubeconfig(machine, name) };
}

/** kind and k3d put their names before the cluster's; Docker Desktop's context has one name. */
function kindOf({ production, target, context }: StackSettings): ClusterFacts["kind"] {
  if (production) return "other";
  const kinds = ["minikube", "kind", "k3d", "docker-desktop", "sandbox"] as const;
  const named = kinds.find((kind) => kind === target);
  return named ?? kinds.find((kind) => context.includes(kind)) ?? "other";
}

/** kubectl as this machine has it, with the context and the namespace; no kubeconfig of the user names a sandbox. */
async function kubectlWords(machine: Machine, settings: StackSettings, sandboxed: boolean): Promise<string> {
  const kubectl = findOnPath(machine.env, "kubectl") === undefined ? await cachedKubectl(machine) : "kubectl";
  const file = sandboxed ? ["--kubeconfig", machine.env.KUBECONFIG ?? ""] : [];
  const words = [kubectl, ...file, "--context", settings.context, "--namespace", settings.namespace];
  return words.map(quoted).join(" ");
}

/** `up` keeps one where the machine has none: downloaded, or built from its module. */
async function cachedKubectl({ cache }: Machine): Promise<string> {
  for (const room of ["downloads", "tools"]) {
    const names = await readdir(join(cache, room)).catch(() => []);
    const paths = names
      .filter((name) => /^kubectl-[\d.]+$/.test(name))
      .map((name) => join(cache, room, name, "kubectl"));
    const found = paths.find((path) => existsSync(path));
    if (found !== undefined) return found;
  }
  return "kubectl";
}

const quoted = (word: string): string => (/^[\w./:@=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** How `docker ps` finds the node containers of a cluster; `undefined` where its nodes are none of this engine's. */
export function containerFilter({ kind, settings: { context } }: Place): string | undefined {
  return kind === "other" || kind === "docker-desktop" ? undefined : nodeFilter({ kind, context });
}
