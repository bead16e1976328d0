import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { sandboxCache } from "../support/cache.ts";
import { identityOf } from "../support/lock.ts";
import { duration, type Log } from "../support/log.ts";
import { UserError } from "../support/userError.ts";

const START_TIMEOUT = 60_000;
const STOP_TIMEOUT = 30_000;
const POLL = 200;

const pidFile = (): string => sandboxCache("dockerd.pid");
const logFile = (): string => sandboxCache("logs", "dockerd.log");

/**
 * Starts `dockerd` in a session of its own, so that it outlives this process, and waits until it answers.
 * @throws `UserError` with the daemon's last lines
 */
export async function startDaemon(answers: () => Promise<boolean>, log: Log): Promise<void> {
  const start = Date.now();
  await mkdir(sandboxCache("logs"), { recursive: true });
  log(`starting the Docker engine (its log: ${logFile()}) ...`);
  const output = openSync(logFile(), "a");
  const daemon = spawn("dockerd", [], { detached: true, stdio: ["ignore", output, output] });
  closeSync(output);
  const exit = new Promise<string>((resolve) => {
    daemon.once("error", (error) => resolve(error.message));
    daemon.once("exit", (code, signal) => resolve(`it ended with ${code ?? signal}`));
  });
  daemon.unref();
  if (daemon.pid) await writeFile(pidFile(), (await identityOf(daemon.pid)) ?? "");
  const end = await Promise.race([exit, waitUntil(answers, START_TIMEOUT)]);
  if (end === true) {
    log(`the Docker engine answers after ${duration(Date.now() - start)}`);
    return;
  }
  await stopDaemon(log);
  throw new UserError(`The Docker engine did not start: ${end || "it does not answer"}.\n${await lastLines()}`);
}

/** Whether the daemon that {@link startDaemon} started is still running: by its number and by its name. */
export async function isRunningByUs(): Promise<boolean> {
  return (await ownDaemon()) !== undefined;
}

/** Ends the daemon that {@link startDaemon} started, and no other. */
export async function stopDaemon(log: Log): Promise<void> {
  const daemon = await ownDaemon();
  if (daemon !== undefined) {
    log("stopping the Docker engine ...");
    process.kill(daemon, "SIGTERM");
    if (!(await waitUntil(async () => (await ownDaemon()) === undefined, STOP_TIMEOUT))) {
      throw new UserError(`The Docker engine (process ${daemon}) does not end; its log: ${logFile()}`);
    }
  }
  await rm(pidFile(), { force: true });
}

async function ownDaemon(): Promise<number | undefined> {
  const identity = await readFile(pidFile(), "utf8").catch(() => "");
  const id = Number(identity.split(" ")[0]);
  // After a reboot the number may be another program's.
  if (!id || identity !== (await identityOf(id))) return undefined;
  const name = await readFile(`/proc/${id}/comm`, "utf8").catch(() => "");
  return name.trim() === "dockerd" ? id : undefined;
}

async function waitUntil(condition: () => Promise<boolean>, timeout: number): Promise<boolean> {
  const end = Date.now() + timeout;
  while (Date.now() < end) {
    if (await condition()) return true;
    await sleep(POLL);
  }
  return false;
}

async function lastLines(): Promise<string> {
  const text = await readFile(logFile(), "utf8").catch(() => "");
  return text.trim().split("\n").slice(-8).join("\n");
}
