import { lookup } from "node:dns/promises";
import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { ClusterApi } from "../../components/cluster/api.ts";
import { type ContextFacts, findContext, kubeconfigPaths } from "../../components/cluster/kubeconfig.ts";
import { sandboxKubeconfig } from "../deploy/cluster.ts";
import { type DeploymentRecord, readRecord } from "../deploy/record.ts";
import { readSettings, type StackSettings } from "../deploy/settings.ts";
import type { Machine } from "../support/machine.ts";
import { type RunResult, run } from "../support/run.ts";
import { findOnPath } from "../tools/install.ts";
import { type EngineView, readInfo } from "./engineFacts.ts";
import { type OperatingSystem, tellSystem } from "./operatingSystem.ts";

/** How long a program that is asked may take, in milliseconds: less than the check that asks it. */
const ASK_TIMEOUT_MS = 2000;

/** The cluster that the local stack means. */
export interface ClusterView {
  readonly facts: ContextFacts;
  readonly api: ClusterApi;
}

/** The stack that is looked at, as its last `up` left it. */
export interface StackView {
  readonly settings: StackSettings;
  readonly record: DeploymentRecord | undefined;
}

/** What the checks ask. Whatever several of them want is asked once. */
export interface Examination {
  readonly machine: Machine;
  readonly system: OperatingSystem;
  /** Runs a program that only tells something. */
  readonly ask: (command: string, args: readonly string[]) => Promise<RunResult>;
  /** Reads a small file; `undefined` where there is none, or it may not be read. */
  readonly read: (path: string) => Promise<string | undefined>;
  readonly exists: (path: string) => boolean;
  /** The path of a program. */
  readonly find: (command: string) => string | undefined;
  /** The addresses of a name. */
  readonly resolve: (name: string) => Promise<readonly string[]>;
  readonly engine: () => Promise<EngineView>;
  readonly stack: () => Promise<StackView>;
  /** The cluster of the local stack's context; `undefined` where no kubeconfig names it. */
  readonly cluster: () => Promise<ClusterView | undefined>;
}

/** Begins to look at a machine. */
export function examine(machine: Machine): Examination {
  const { env, platform, isRoot } = machine;
  const ask: Examination["ask"] = (command, args) =>
    run(command, args, { env, allowFailure: true, timeoutMs: ASK_TIMEOUT_MS });
  const [release, kernel] = ["/etc/os-release", "/proc/sys/kernel/osrelease"].map(textOf);
  const stack = once(() => readStack(machine));
  return {
    machine,
    system: tellSystem(platform, { release, kernel, isRoot }),
    ask,
    read: (path) => readFile(path, "utf8").catch(() => undefined),
    exists: existsSync,
    find: (command) => findOnPath(env, command),
    resolve: async (name) => (await lookup(name, { all: true })).map(({ address }) => address),
    engine: once(() => readEngine(machine, ask)),
    stack,
    cluster: once(async () => openCluster(machine, await stack())),
  };
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Asks at the first call alone. */
function once<T>(question: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= question();
    return answer;
  };
}

async function readEngine({ env }: Machine, ask: Examination["ask"]): Promise<EngineView> {
  if (findOnPath(env, "docker") === undefined) return { problem: "there is no docker command" };
  const { code, stdout, stderr } = await ask("docker", ["info", "--format", "{{json .}}"]);
  return code === 124
    ? { problem: `the engine does not answer within ${ASK_TIMEOUT_MS / 1000} s` }
    : readInfo(stdout, stderr);
}

async function readStack(machine: Machine): Promise<StackView> {
  const configured = await readSettings(machine.root, "local");
  const record = await readRecord(machine, "local");
  const written = record !== undefined && existsSync(`${machine.state}/Pulumi.local.yaml`);
  return { settings: written ? await readSettings(machine.state, "local") : configured, record };
}

async function openCluster(machine: Machine, { settings, record }: StackView): Promise<ClusterView | undefined> {
  const own = record?.cluster === "sandbox" ? sandboxKubeconfig(machine, settings.context) : undefined;
  const facts = findContext(kubeconfigPaths(own ?? machine.env.KUBECONFIG), settings.context);
  return facts === undefined ? undefined : { facts, api: await ClusterApi.of(facts) };
}
