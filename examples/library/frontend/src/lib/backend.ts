/** What the API answered; without one, `status` is 503. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** What to ask for, and in whose name. */
export interface Question {
  readonly method?: "GET" | "POST" | "DELETE";
  readonly token?: string | undefined;
  readonly body?: unknown;
}

/** Milliseconds that the API has for an answer. */
const PATIENCE = 5000;

/**
 * Asks the API, from this server: browsers never see it.
 *
 * @param path - Below `BACKEND_URL`, which is read at run time: one image serves wherever it is deployed.
 */
export async function askBackend(path: string, { method = "GET", token, body }: Question = {}): Promise<Answer> {
  const headers = new Headers({ accept: "application/json" });
  if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
  if (body !== undefined) headers.set("content-type", "application/json");
  try {
    const address = (process.env.BACKEND_URL ?? "http://127.0.0.1:8000").replace(/\/$/, "") + path;
    const answer = await fetch(address, {
      method,
      headers,
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: answer.status === 204 ? undefined : await answer.json() };
  } catch (error) {
    console.error(`${method} ${path}: ${error instanceof Error ? error.message : String(error)}`);
    return { status: 503, body: undefined };
  }
}
