import { newKey } from "./key";
import { ApiError, errorFromResponse, errorFromSilence, type Problem } from "./problem";

/** Milliseconds after which a request counts as failed, its repetitions included. */
export const REQUEST_TIMEOUT = 8_000;
/**
 * Milliseconds before each repetition of a request whose connection broke: a server that has just died. A cluster takes about
 * two seconds to lead nobody to it any more; the last repetition comes after that.
 */
export const REPEAT_DELAYS = [200, 800, 2_000];

export interface RequestOptions {
  body?: unknown;
  /** Milliseconds; default {@link REQUEST_TIMEOUT}. */
  timeout?: number;
  /** Lets the request outlive the page, for what must still be sent while it closes. */
  keepalive?: boolean;
}

/**
 * Sends one request to the page's own origin and returns the parsed JSON, or undefined for an empty answer. When the connection
 * breaks without an answer it is sent again, a write with the same `Idempotency-Key`: so it is carried out once.
 * @throws {ApiError} for every failure: no network, no answer in time, a refusal, an answer that is not JSON.
 */
export async function request(method: string, path: string, options: RequestOptions = {}): Promise<unknown> {
  const { body, timeout = REQUEST_TIMEOUT, keepalive = false } = options;
  const expiry = new AbortController();
  const timer = setTimeout(() => expiry.abort(), timeout);
  const init: RequestInit = {
    method,
    keepalive,
    cache: "no-store",
    signal: expiry.signal,
    headers: {
      Accept: "application/json, application/problem+json",
      ...(method !== "GET" && { "Idempotency-Key": newKey() }),
      ...(body !== undefined && { "Content-Type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  };
  try {
    const { response, text } = await exchange(path, init, REPEAT_DELAYS);
    if (!response.ok) throw errorFromResponse(response, parseProblem(text));
    return text === "" ? undefined : parseAnswer(text);
  } catch (thrown) {
    if (thrown instanceof ApiError) throw thrown;
    throw errorFromSilence(expiry.signal.aborted);
  } finally {
    clearTimeout(timer);
  }
}

/** One request and its whole answer, sent again after each of the delays as long as the connection breaks. */
async function exchange(
  path: string,
  init: RequestInit,
  delays: number[],
): Promise<{ response: Response; text: string }> {
  try {
    const response = await fetch(path, init);
    return { response, text: await response.text() };
  } catch (thrown) {
    const [delay, ...later] = delays;
    // A device that knows that it is offline has nothing to try again; it tells the page when that has changed.
    if (!(thrown instanceof TypeError) || delay === undefined || !navigator.onLine) throw thrown;
    await new Promise((resolve) => setTimeout(resolve, delay));
    return exchange(path, init, later);
  }
}

function parseProblem(text: string): Problem {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError("unexpected", "The server's answer could not be read.");
  }
}
