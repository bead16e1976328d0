import { availableParallelism } from "node:os";
import type { Log } from "../../commands/support/log.ts";
import type { Machine } from "../../commands/support/machine.ts";
import { findOnPath } from "../../commands/tools/install.ts";
import type { Reading } from "../harness/experiment.ts";
import type { Commands } from "./commands.ts";
import { countersOf } from "./engine.ts";

/** The fixed concurrency of every figure, and how long one run sends requests, in seconds. */
const connections = 32;
const seconds = 2;

/** The processors of the server, and of the load and the database: they take nothing from one another. */
export const cores = { server: "0", others: "1" } as const;

/** Why requests cannot be counted here; `undefined` where they can. */
export async function whyNoLoad(machine: Machine, log: Log): Promise<string | undefined> {
  if (machine.platform !== "linux") return "needs Linux, where a program is bound to a processor";
  if (availableParallelism() < 2) return "needs two processors, one for the server and one for the load";
  if (findOnPath(machine.env, "wrk") !== undefined) return undefined;
  if (!machine.isRoot || findOnPath(machine.env, "apt-get") === undefined) return "needs wrk: apt-get install wrk";
  await (await machine.sandbox()).installDebianPackages({ packages: ["wrk"], why: "send requests" }, log);
  return undefined;
}

/** Sends requests as fast as they are answered; also counts the server's processor time for each. */
export async function load(commands: Commands, container: string, url: string): Promise<Reading> {
  const before = await countersOf(commands, container);
  const wrk = [
    "wrk",
    "--threads",
    "1",
    "--connections",
    String(connections),
    "--duration",
    `${seconds}s`,
    "--latency",
    url,
  ];
  const printed = await commands.run("taskset", "--cpu-list", cores.others, ...wrk);
  const after = await countersOf(commands, container);
  const { requests, rate, p99 } = readWrk(printed);
  return { rate, p99, cpu: ((after.cpuSeconds - before.cpuSeconds) / requests) * 1e6 };
}

/**
 * Reads what wrk prints.
 *
 * @returns Requests in all and a second, and the slowest of a hundred in milliseconds.
 * @throws Error where an answer was an error: refusing is fast, and no figure.
 */
export function readWrk(printed: string): { requests: number; rate: number; p99: number } {
  const wrong = /^\s*(Non-2xx.*|Socket errors:.*)$/m.exec(printed)?.[1];
  if (wrong !== undefined) throw new Error(`not every request was answered well: ${wrong}`);
  const [, latency = "", unit = ""] = /^\s+99%\s+([\d.]+)(us|ms|s)$/m.exec(printed) ?? [];
  const requests = Number(/^\s*(\d+) requests in /m.exec(printed)?.[1]);
  const rate = Number(/^Requests\/sec:\s+([\d.]+)/m.exec(printed)?.[1]);
  const p99 = Number(latency || Number.NaN) * ({ us: 0.001, ms: 1, s: 1000 }[unit] ?? Number.NaN);
  if (![requests, rate, p99].every(Number.isFinite)) throw new Error(`wrk printed something else:\n${printed}`);
  return { requests, rate, p99 };
}
