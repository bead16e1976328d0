import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, UserError } from "./errors.ts";
import { withCleanup } from "./interrupt.ts";
import type { Machine } from "./machine.ts";
import { isRunning } from "./process.ts";

/**
 * Runs work while no other command changes this checkout's deployment. A lock whose process is gone counts for nothing.
 *
 * @throws UserError where another command holds the lock.
 */
export async function withLock<T>(machine: Machine, command: string, work: () => Promise<T>): Promise<T> {
  const file = join(machine.state, "lock");
  await mkdir(machine.state, { recursive: true });
  await take(file, command);
  return withCleanup(work, () => rm(file, { force: true }));
}

async function take(file: string, command: string): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      await writeFile(file, `${process.pid} ${command}\n`, { flag: "wx" });
      return;
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }
    const [pid = "", holder = "command"] = (await readFile(file, "utf8").catch(() => "")).trim().split(" ");
    if (isRunning(Number(pid), /node/)) {
      throw new UserError(
        `Another "npm run ${holder}" (process ${pid}) is at work in this checkout.`,
        `Wait until it has ended, or end it with: kill ${pid}`,
      );
    }
    await rm(file, { force: true });
  }
  throw new UserError(`The lock ${file} cannot be taken.`, `Remove it with: rm ${file}`);
}
