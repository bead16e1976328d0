import { setTimeout as sleep } from "node:timers/promises";
import type { Machine } from "../support/machine.ts";
import type { StackSettings } from "./settings.ts";

/** The page of a stack. */
export interface Page {
  readonly url: string;
  readonly own: StackSettings["own"];
}

/** How long one answer may take, in milliseconds. */
const answerMs = 5000;

/** Asks until the whole page answers; gives back what does not, `undefined` when all is well. */
export async function waitForPage(machine: Machine, page: Page, timeoutMs: number): Promise<string | undefined> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const missing = await firstMissing(machine, page);
    if (missing === undefined || Date.now() >= until) return missing;
    await sleep(250);
  }
}

async function firstMissing(machine: Machine, { url, own }: Page): Promise<string | undefined> {
  for (const { path, isThere } of questions(own)) {
    try {
      const status = await machine.statusOf(url + path, answerMs);
      if (!isThere(status)) return `${url}${path} answers ${status}`;
    } catch {
      return `${url}${path} does not answer`;
    }
  }
  return undefined;
}

interface Question {
  readonly path: string;
  isThere(status: number): boolean;
}

/**
 * What must answer before the page counts as there: nginx itself, the page, and the backend through nginx. Of a person's own
 * application only the start is known, which may ask for a login; its pods' probes have told that it is ready.
 */
function questions({ frontend, backend }: Page["own"]): Question[] {
  if (frontend) return [{ path: "/", isThere: (status) => status < 500 }];
  const paths = ["/health", "/", ...(backend ? [] : ["/api/version"])];
  return paths.map((path) => ({ path, isThere: (status) => status === 200 }));
}
