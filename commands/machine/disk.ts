import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { UserError } from "../support/errors.ts";
import type { Machine } from "../support/machine.ts";
import type { Engine } from "./engine.ts";

/** Below this a build or a database may stop halfway; in bytes. A first run writes about 6 GB. */
export const leastFreeBytes = 2e9;

/**
 * Stops before anything is begun on a disk that would run full.
 *
 * @throws UserError that names the folder and what it has.
 */
export async function ensureDisk(machine: Machine, folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const there = nearestExisting(folder);
    const free = await machine.freeBytes(there);
    if (free >= leastFreeBytes) continue;
    throw new UserError(
      `The disk of ${folder} is full: ${(free / 1e9).toFixed(1)} GB are free, ${leastFreeBytes / 1e9} GB are needed.`,
      `Free some space, for example: docker system prune   (what these commands keep: ${machine.cache})`,
    );
  }
}

/**
 * The same for where the engine keeps its images. In a virtual machine or on another host that folder is not ours to look at.
 *
 * @throws UserError, as `ensureDisk` does.
 */
export async function ensureEngineDisk(machine: Machine, { rootFolder }: Pick<Engine, "rootFolder">): Promise<void> {
  if (machine.platform === "linux" && machine.env.DOCKER_HOST === undefined) await ensureDisk(machine, [rootFolder]);
}

/** A folder that will be made has the disk of the nearest one that is there. */
export function nearestExisting(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearestExisting(dirname(folder));
}
