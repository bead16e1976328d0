import { spawn } from "node:child_process";
import { existsSync, openSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Machine } from "../support/machine.ts";
import { isRunning } from "../support/process.ts";
import { prepareState, replaceFile, type StackSettings } from "./settings.ts";

interface Forward {
  readonly pid: number;
  readonly port: number;
}

const forwardFile = (machine: Machine, stack: string): string => join(machine.state, `port-forward.${stack}.json`);

/** Whether a port of 127.0.0.1 is forwarded by this checkout. */
export async function forwardsPort(machine: Machine, stack: string, port: number): Promise<boolean> {
  const forward = await read(machine, stack);
  return forward?.port === port && isRunning(forward.pid, /port-forward/);
}

/** Leads the page's port to the frontend's Service; goes on after this process has ended, until `stopForward`. */
export async function startForward(machine: Machine, settings: StackSettings, kubectl: string): Promise<void> {
  await stopForward(machine, settings.stack);
  await prepareState(machine);
  const { context, namespace, releaseName, nodePort, stack } = settings;
  const where = ["--context", context, "--namespace", namespace];
  const what = ["port-forward", "--address", "127.0.0.1", `service/${frontendName(releaseName)}`, `${nodePort}:80`];
  const output = openSync(join(machine.state, "port-forward.log"), "w");
  const child = spawn(kubectl, [...where, ...what], {
    env: machine.env,
    detached: true,
    stdio: ["ignore", output, output],
  });
  child.on("error", () => undefined);
  child.unref();
  if (child.pid === undefined) return;
  await replaceFile(forwardFile(machine, stack), JSON.stringify({ pid: child.pid, port: nodePort }));
}

/** Ends the port-forward of a stack, if there is one. */
export async function stopForward(machine: Machine, stack: string): Promise<boolean> {
  const forward = await read(machine, stack);
  await rm(forwardFile(machine, stack), { force: true });
  if (forward === undefined || !isRunning(forward.pid, /port-forward/)) return false;
  process.kill(forward.pid);
  return true;
}

/** The chart's name for the frontend's Service. */
const frontendName = (releaseName: string): string => `${releaseName}-frontend`;

async function read(machine: Machine, stack: string): Promise<Forward | undefined> {
  const file = forwardFile(machine, stack);
  return existsSync(file) ? (JSON.parse(await readFile(file, "utf8")) as Forward) : undefined;
}
