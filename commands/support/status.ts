import { get } from "node:http";
import { get as getSecurely } from "node:https";

/**
 * Asks for a page and tells its status. `npm run up` asks each time, and `fetch` takes a tenth of a second to be loaded: only a
 * redirect is left to it.
 *
 * @param timeoutMs - In milliseconds.
 * @throws Error where there is no answer in time.
 */
export async function statusOf(url: string, timeoutMs: number): Promise<number> {
  const status = await firstStatus(url, timeoutMs);
  if (status < 300 || status >= 400) return status;
  const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  await answer.body?.cancel();
  return answer.status;
}

function firstStatus(url: string, timeoutMs: number): Promise<number> {
  const ask = url.startsWith("https:") ? getSecurely : get;
  return new Promise((resolve, reject) => {
    const request = ask(url, { signal: AbortSignal.timeout(timeoutMs) }, (response) => {
      resolve(response.statusCode ?? 0);
      // Nobody reads the rest of it.
      response.destroy();
    });
    request.on("error", reject);
  });
}
