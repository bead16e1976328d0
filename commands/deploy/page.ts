import { setTimeout as sleep } from "node:timers/promises";
import type { Machine } from "../support/machine.ts";

/** What must answer before the page counts as there: nginx itself, the page, and the backend through nginx. */
const paths = ["/health", "/", "/api/version"] as const;

/** Asks until the whole page answers; gives back what does not, `undefined` when all is well. */
export async function waitForPage(machine: Machine, url: string, timeoutMs: number): Promise<string | undefined> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const missing = await firstMissing(machine, url);
    if (missing === undefined || Date.now() >= until) return missing;
    await sleep(250);
  }
}

async function firstMissing(machine: Machine, url: string): Promise<string | undefined> {
  for (const path of paths) {
    try {
      const answer = await machine.fetch(url + path, { signal: AbortSignal.timeout(5000) });
      await answer.body?.cancel();
      if (answer.status !== 200) return `${url}${path} answers ${answer.status}`;
    } catch {
      return `${url}${path} does not answer`;
    }
  }
  return undefined;
}
