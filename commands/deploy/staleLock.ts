import { readdir, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Machine } from "../support/machine.ts";
import { isRunning } from "../support/process.ts";
import { run } from "../support/run.ts";

/** Who holds a lock of a backend in files: pulumi/pulumi, pkg/backend/diy/lock.go. */
interface StateLock {
  readonly pid?: number;
  readonly hostname?: string;
}

/**
 * Takes the locks away that killed runs of the CLI left in a backend in files: those of this machine whose process is gone.
 * While one of them is another's, or its process runs, all stay, and the CLI names them.
 */
export async function releaseStaleLocks(machine: Machine, pulumi: string, stack: string): Promise<void> {
  const backend = machine.env.PULUMI_BACKEND_URL;
  if (backend === undefined || !backend.startsWith("file:///")) return;
  const files = await findLocks(backend, stack);
  if (files.length === 0) return;
  const locks = await Promise.all(files.map(readLock));
  if (!locks.every(isStale)) return;
  await run(pulumi, ["cancel", "--yes", "--stack", stack], { cwd: machine.root, env: machine.env });
}

/** The files of a stack's locks in a backend in files, `file:///...`. */
export async function findLocks(backend: string, stack: string): Promise<string[]> {
  const folder = join(fileURLToPath(backend), ".pulumi", "locks");
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const ofStack = names.filter((name) => name.endsWith(".json") && name.split("/").at(-2) === stack);
  return ofStack.map((name) => join(folder, name));
}

/** One that vanishes meanwhile, or was written by half, holds nobody up. */
async function readLock(path: string): Promise<StateLock> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as StateLock;
  } catch {
    return {};
  }
}

function isStale(lock: StateLock): boolean {
  return (lock.hostname ?? hostname()) === hostname() && !isRunning(lock.pid ?? 0, /pulumi/);
}
