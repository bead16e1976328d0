import { setTimeout as sleep } from "node:timers/promises";
import type { Todo } from "./figures.ts";

/** The API gives no longer page: apps/backend/src/todo/routes/todos.py. */
const pageLength = 200;

/** How long the API is asked again after an event that it may still recover from, in milliseconds. */
const patienceMs = 60_000;

/**
 * Reads the todos of one run back through the API. It lists the newest first, so those of a run are in a row as long as nobody
 * else writes; they end with the first page that has none of them.
 *
 * @param url - The page's address.
 * @param run - What the titles of the run contain.
 * @throws Error where the API does not answer for a minute.
 */
export async function readBack(url: string, run: string): Promise<Todo[]> {
  const found: Todo[] = [];
  for (let offset = 0; ; offset += pageLength) {
    const items = await page(`${url}/api/todos?limit=${pageLength}&offset=${offset}`);
    const ours = items.filter(({ title }) => title.includes(run));
    found.push(...ours);
    const isPast = found.length > 0 && ours.length === 0;
    if (items.length < pageLength || isPast) return found;
  }
}

async function page(url: string): Promise<Todo[]> {
  const end = Date.now() + patienceMs;
  for (;;) {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
      if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
      return ((await answer.json()) as { items: Todo[] }).items;
    } catch (error) {
      if (Date.now() > end) throw new Error("the writes under load cannot be read back", { cause: error });
      await sleep(1000);
    }
  }
}
