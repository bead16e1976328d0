import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { link, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CommandError, UserError } from "../support/errors.ts";
import { withCleanup } from "../support/interrupt.ts";
import type { Machine } from "../support/machine.ts";
import { run } from "../support/run.ts";
import { prepareState } from "./settings.ts";
import { releaseStaleLocks } from "./staleLock.ts";

/** A stack under the real Pulumi CLI. */
export interface PulumiStack {
  readonly pulumi: string;
  readonly stack: string;
  /** The effective configuration file. */
  readonly stackFile: string;
}

/** The backend of this checkout, for whoever has chosen no other. */
export const ownBackend = (machine: Machine): string => join(machine.state, "pulumi");

/**
 * Gives the CLI its backend and its passphrase: the user's own where the environment names them, else a folder and a
 * generated passphrase in the state folder.
 */
export async function preparePulumi(machine: Machine): Promise<void> {
  const { env } = machine;
  env.PULUMI_SKIP_UPDATE_CHECK ??= "true";
  // The provider that runs in Node starts twice in each operation: https://nodejs.org/api/module.html#module-compile-cache
  env.NODE_COMPILE_CACHE ??= join(machine.cache, "node-compile-cache");
  await prepareState(machine);
  if (env.PULUMI_BACKEND_URL === undefined) {
    await mkdir(ownBackend(machine), { recursive: true });
    env.PULUMI_BACKEND_URL = `file://${ownBackend(machine)}`;
  }
  const chosen = env.PULUMI_CONFIG_PASSPHRASE !== undefined || env.PULUMI_CONFIG_PASSPHRASE_FILE !== undefined;
  if (!chosen && usesOwnBackend(machine)) env.PULUMI_CONFIG_PASSPHRASE_FILE = await ensurePassphrase(machine);
}

/**
 * Creates the stack where there is none; this happens in the state folder, where its salt may be written. In a backend in
 * files a look tells whether there is one, and the CLI need not start for it.
 *
 * @param project - The name in `Pulumi.yaml`.
 */
export async function ensureStack(machine: Machine, project: string, { pulumi, stack }: PulumiStack): Promise<void> {
  const { env, state } = machine;
  const kept = checkpointFile(env.PULUMI_BACKEND_URL ?? "", project, stack);
  if (kept === undefined || !existsSync(kept))
    await run(pulumi, ["--cwd", state, "--non-interactive", "stack", "select", "--create", "--stack", stack], { env });
  await releaseStaleLocks(machine, pulumi, stack);
}

/**
 * Where a backend in files, `file:///...`, keeps a stack: pulumi/pulumi, pkg/backend/diy/store.go.
 *
 * @returns `undefined` for every other backend.
 */
export function checkpointFile(backend: string, project: string, stack: string): string | undefined {
  if (!backend.startsWith("file:///")) return undefined;
  return join(fileURLToPath(backend), ".pulumi", "stacks", project, `${stack}.json`);
}

/**
 * How much the heaps of the CLI and of its providers may grow before they are searched for garbage, in percent: they live for
 * seconds, and Go's default of 100 costs them a tenth of their processor time. This takes 80 MB more at the most.
 * https://go.dev/doc/gc-guide#GOGC
 */
const heapGrowth = "400";

/**
 * Runs one of the CLI's operations with the terminal's own output.
 *
 * @throws UserError where it fails; the CLI has said why.
 */
export async function operate(
  machine: Machine,
  { pulumi, stack, stackFile }: PulumiStack,
  args: readonly string[],
): Promise<void> {
  const common = ["--stack", stack, "--config-file", stackFile];
  const all = [args[0] ?? "", ...common, ...args.slice(1)];
  const env = { GOGC: heapGrowth, ...machine.env };
  const { code } = await run(pulumi, all, { cwd: machine.root, env, inherit: true, allowFailure: true });
  if (code !== 0) throw new UserError(`"pulumi ${args[0]}" failed (exit code ${code}); its messages stand above.`);
}

/**
 * Runs `pulumi preview` with the terminal's own output, and gives back the engine's events beside it, as JSON, one a line.
 *
 * @throws UserError where it fails; the CLI has said why.
 */
export async function previewWithEvents(
  machine: Machine,
  stack: PulumiStack,
  args: readonly string[],
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "todo-stack-preview-"));
  const log = join(folder, "events");
  // The flag by which the Automation API follows the engine is among those that the CLI shows in this mode alone.
  const env = { ...machine.env, PULUMI_DEBUG_COMMANDS: "true" };
  return withCleanup(
    async () => {
      await operate({ ...machine, env }, stack, ["preview", "--event-log", log, ...args]);
      return existsSync(log) ? readFile(log, "utf8") : "";
    },
    () => rm(folder, { recursive: true, force: true }),
  );
}

/** Whether the last update of a stack left everything as it was, as its history tells. */
export async function lastUpdateChangedNothing(machine: Machine, { pulumi, stack }: PulumiStack): Promise<boolean> {
  const args = ["stack", "history", "--json", "--page-size", "1", "--stack", stack];
  const { stdout } = await run(pulumi, args, { cwd: machine.root, env: machine.env });
  const [last] = JSON.parse(stdout) as { resourceChanges?: Record<string, number> }[];
  const unchanged = ["same", "read", "refresh"];
  return Object.entries(last?.resourceChanges ?? { unknown: 1 }).every(
    ([kind, count]) => count === 0 || unchanged.includes(kind),
  );
}

/** The stack's outputs; secret ones are masked by the CLI. */
export async function readOutputs(machine: Machine, { pulumi, stack }: PulumiStack): Promise<Record<string, unknown>> {
  const { stdout } = await run(pulumi, ["stack", "output", "--json", "--stack", stack], {
    cwd: machine.root,
    env: machine.env,
  });
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** Removes the stack with its state, also where the cluster that held its resources is gone. */
export async function removeStack(machine: Machine, { pulumi, stack }: PulumiStack): Promise<void> {
  const args = ["stack", "rm", stack, "--yes", "--force", "--preserve-config"];
  const { code, stderr } = await run(pulumi, args, { cwd: machine.root, env: machine.env, allowFailure: true });
  if (code !== 0 && !/no stack named/.test(stderr))
    throw new CommandError(`The stack could not be removed:\n${stderr}`, code);
  await rm(join(machine.state, `Pulumi.${stack}.yaml`), { force: true });
}

function usesOwnBackend(machine: Machine): boolean {
  return machine.env.PULUMI_BACKEND_URL === `file://${ownBackend(machine)}`;
}

/** A half-written passphrase would lock the state for ever: it is linked into place whole, and never over another. */
async function ensurePassphrase(machine: Machine): Promise<string> {
  const file = join(machine.state, "passphrase");
  if (existsSync(file)) return file;
  const half = `${file}.${process.pid}`;
  await writeFile(half, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600 });
  await link(half, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  await rm(half);
  return file;
}
