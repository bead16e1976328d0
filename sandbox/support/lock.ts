import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "./log.ts";

const POLL = 300;

/**
 * Runs a step while no other process on this machine runs one under the same lock file; waits for its turn.
 * A lock whose process is gone, because it was interrupted, is taken over.
 * @param what what the other one is probably doing, for the line that is shown while waiting
 */
export async function withLock<Result>(
  file: string,
  what: string,
  log: Log,
  step: () => Promise<Result>,
): Promise<Result> {
  await mkdir(dirname(file), { recursive: true });
  let told = false;
  while (!(await take(file))) {
    const owner = await readFile(file, "utf8").catch(() => undefined);
    if (owner === undefined) continue;
    const id = Number(owner.split(" ")[0]);
    if (owner !== (await identityOf(id))) {
      await rm(file, { force: true });
      continue;
    }
    if (!told) log(`waiting for process ${id}, which is ${what} (lock: ${file})`);
    told = true;
    await sleep(POLL);
  }
  try {
    return await step();
  } finally {
    await rm(file, { force: true });
  }
}

/** A link appears with its content at once, where a new file would be empty for a moment. */
async function take(file: string): Promise<boolean> {
  const own = `${file}.${randomUUID()}`;
  await writeFile(own, (await identityOf(process.pid)) ?? "");
  try {
    await link(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

/**
 * A process's number with the moment of its start, because numbers are used again; undefined when it is gone.
 * The start is field 22 of `/proc/<number>/stat` (proc(5)); the second field may contain blanks. Systems without
 * `/proc` give the number alone.
 */
export async function identityOf(id: number): Promise<string | undefined> {
  if (process.platform !== "linux") return isAlive(id) ? `${id} ?` : undefined;
  const facts = await readFile(`/proc/${id}/stat`, "utf8").catch(() => undefined);
  const start = facts?.slice(facts.lastIndexOf(")") + 2).split(" ")[19];
  return start === undefined ? undefined : `${id} ${start}`;
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // It exists, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
