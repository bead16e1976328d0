import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** How often the page is asked. */
const everyMs = 20;

/** What a request was answered; `undefined` where nothing answered. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Asks once, over a connection of its own: a kept one would lead to the pod that it was opened to. */
export function ask(url: string, timeoutMs: number): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const asked = request(url, { agent: false, timeout: timeoutMs }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      response.on("error", () => resolve(undefined));
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(undefined));
    asked.end();
  });
}

/** How long and how often is asked. */
export interface Patience {
  /** In milliseconds. Default: two minutes. */
  readonly timeoutMs?: number;
  /** From one answer to the next question, in milliseconds. Default 20. */
  readonly pauseMs?: number;
  /** How long one answer may take, in milliseconds. Default 2000. */
  readonly answerMs?: number;
  /** Ends the waiting where what should bring the answer has failed. */
  readonly signal?: AbortSignal;
}

/**
 * Asks until an answer is as wanted.
 *
 * @returns When it came, as `performance.now()`.
 * @throws Error after `timeoutMs`, or where the signal ends it.
 */
export async function untilAnswered(
  url: string,
  wanted: (answer: Answer) => boolean,
  { timeoutMs = 120_000, pauseMs = everyMs, answerMs = 2000, signal }: Patience = {},
): Promise<number> {
  const until = performance.now() + timeoutMs;
  for (let last: Answer | undefined; ; await sleep(pauseMs)) {
    signal?.throwIfAborted();
    last = await ask(url, answerMs);
    if (last !== undefined && wanted(last)) return performance.now();
    if (performance.now() < until) continue;
    const told = last === undefined ? "nothing" : `${last.status} ${last.text.slice(0, 200)}`;
    throw new Error(`${url} did not answer as it should within ${timeoutMs / 1000} s; its last answer: ${told}`);
  }
}
