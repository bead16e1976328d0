import { ApiError, errorFromResponse, errorFromSilence, type Problem } from "./problem";

/** Milliseconds after which a request counts as failed. */
export const REQUEST_TIMEOUT = 8_000;

export interface RequestOptions {
  body?: unknown;
  /** Milliseconds; default {@link REQUEST_TIMEOUT}. */
  timeout?: number;
  /** Lets the request outlive the page, for what must still be sent while it closes. */
  keepalive?: boolean;
}

/**
 * Sends one request to the page's own origin and returns the parsed JSON, or undefined for an empty answer.
 * @throws {ApiError} for every failure: no network, no answer in time, a refusal, an answer that is not JSON.
 */
export async function request(method: string, path: string, options: RequestOptions = {}): Promise<unknown> {
  const { body, timeout = REQUEST_TIMEOUT, keepalive = false } = options;
  const expiry = new AbortController();
  const timer = setTimeout(() => expiry.abort(), timeout);
  try {
    const response = await fetch(path, {
      method,
      keepalive,
      cache: "no-store",
      signal: expiry.signal,
      headers: {
        Accept: "application/json, application/problem+json",
        ...(body !== undefined && { "Content-Type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw errorFromResponse(response, parseProblem(text));
    return text === "" ? undefined : parseAnswer(text);
  } catch (thrown) {
    if (thrown instanceof ApiError) throw thrown;
    throw errorFromSilence(expiry.signal.aborted);
  } finally {
    clearTimeout(timer);
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
