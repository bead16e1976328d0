import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../support/errors.ts";
import type { Machine } from "../support/machine.ts";
import { isOccupied } from "../support/ports.ts";
import { run } from "../support/run.ts";
import { ensurePnpm } from "../testing/frontend.ts";

/** Next's own default, and the ports that are tried after it. */
const firstPort = 3000;
const portsTried = 20;

/** How long the server may take to answer, in milliseconds, and how often it is asked. */
const patienceMs = 60_000;
const askMs = 250;

/** How long its first page may take, in milliseconds: it is compiled when it is asked for. */
const firstPageMs = 60_000;

/**
 * Starts the page's own development server, which forwards `/api` to the deployed page: an edit is seen without an image and
 * without a reload. It ends with this process.
 *
 * @param deployed - The deployed page's address.
 * @returns The server's address, once it answers.
 * @throws UserError where no port is free, or it ends before it answers.
 */
export async function startPage(machine: Machine, deployed: string): Promise<string> {
  const pnpm = await ensurePnpm(machine, machine.log);
  const cwd = join(machine.root, "apps", "frontend");
  // With another NODE_ENV about, Next writes other paths into tsconfig.json, which is part of the page's image.
  const env = { ...machine.env, BACKEND_URL: deployed, NODE_ENV: "development" };
  await machine.log.step("Installing the page's packages", async () => {
    await run(pnpm, ["install", "--frozen-lockfile"], { cwd, env: { ...env, CI: "true" } });
  });
  const port = await freePort();
  const args = ["run", "dev", "--port", String(port)];
  const onLine = (line: string) => machine.log(`page     | ${line}`);
  const ended = run(pnpm, args, { cwd, env, onLine, allowFailure: true }).then(({ code }) => {
    throw new UserError(`The page's development server ended with ${code}; what it said stands above.`);
  });
  const url = `http://localhost:${port}`;
  await Promise.race([ended, untilAnswering(url)]);
  // Whoever watches goes on without it, and has read why.
  ended.catch((error: unknown) => machine.log((error as Error).message));
  return url;
}

async function freePort(): Promise<number> {
  for (let port = firstPort; port < firstPort + portsTried; port++) if (!(await isOccupied(port))) return port;
  throw new UserError(`All ports from ${firstPort} to ${firstPort + portsTried - 1} are taken.`, "npm run doctor");
}

async function untilAnswering(url: string): Promise<void> {
  const end = Date.now() + patienceMs;
  while (Date.now() < end) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(firstPageMs) }).catch(() => undefined);
    if (answer?.ok === true) return;
    await sleep(askMs);
  }
  throw new UserError(`The page's development server does not answer at ${url}; what it said stands above.`);
}
