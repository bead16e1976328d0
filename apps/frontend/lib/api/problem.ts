/** An RFC 9457 problem document as the API writes it. Every field is optional: a proxy on the way may write its own. */
export interface Problem {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  request_id?: string;
  errors?: { field: string; message: string }[];
}

/**
 * What went wrong, as far as the page can act on it:
 * - `offline`: no answer at all, the device or the network is disconnected;
 * - `timeout`: no answer in time, so it is unknown whether the request was carried out;
 * - `unavailable`: something on the way answered 502, 503 or 504, as it does while the database is away;
 * - `missing`: 404, the todo no longer exists;
 * - `invalid`: the server refused what was sent;
 * - `unexpected`: everything else, which a person can only report.
 */
export type FailureKind = "offline" | "timeout" | "unavailable" | "missing" | "invalid" | "unexpected";

/** A failed request. `message` is a sentence for a person and can be shown as it is. */
export class ApiError extends Error {
  readonly kind: FailureKind;
  /** Seconds to wait, from the server's `Retry-After`; undefined when it named none. */
  readonly retryAfter: number | undefined;

  constructor(kind: FailureKind, message: string, retryAfter?: number) {
    super(message);
    this.name = "ApiError";
    this.kind = kind;
    this.retryAfter = retryAfter;
  }

  /** Whether waiting may mend it without the person doing anything. */
  get passing(): boolean {
    return this.kind === "offline" || this.kind === "timeout" || this.kind === "unavailable";
  }
}

function kindOf(status: number): FailureKind {
  if (status === 404) return "missing";
  if (status === 502 || status === 503 || status === 504) return "unavailable";
  if (status >= 400 && status < 500) return "invalid";
  return "unexpected";
}

const FALLBACK: Record<FailureKind, string> = {
  offline: "No connection to the server.",
  timeout: "The server took too long to answer.",
  unavailable: "The service is unavailable for the moment.",
  missing: "This todo no longer exists. It may have been deleted elsewhere.",
  invalid: "The server did not accept this.",
  unexpected: "Something went wrong on the server.",
};

function sentence(problem: Problem, kind: FailureKind): string {
  const fields = (problem.errors ?? []).map((error) => error.message).filter(Boolean);
  const text = fields.length > 0 ? fields.join(" ") : kind === "missing" ? FALLBACK.missing : problem.detail;
  const spoken = text || problem.title || FALLBACK[kind];
  return /[.!?]$/.test(spoken) ? spoken : `${spoken}.`;
}

/**
 * Turns a refused response into an error. The reference is shown for what a person can only report: it is the
 * `X-Request-ID` under which the server's log has the cause.
 */
export function errorFromResponse(response: Response, problem: Problem): ApiError {
  const kind = kindOf(response.status);
  const reference = problem.request_id ?? response.headers.get("x-request-id");
  const suffix = kind === "unexpected" && reference ? ` Reference: ${reference}` : "";
  const seconds = Number.parseInt(response.headers.get("retry-after") ?? "", 10);
  return new ApiError(kind, sentence(problem, kind) + suffix, Number.isFinite(seconds) ? seconds : undefined);
}

/** Turns a request that got no answer into an error; `timedOut` tells the two reasons apart. */
export function errorFromSilence(timedOut: boolean): ApiError {
  return timedOut ? new ApiError("timeout", FALLBACK.timeout) : new ApiError("offline", FALLBACK.offline);
}

/** A failure of reading the list in a few words, to stand over its message. */
export function failureTitle(failure: ApiError): string {
  return failure.kind === "offline" ? "You are not connected" : "Your todos can’t be reached";
}

/** Any thrown value as an `ApiError`, so that callers have one type to handle. */
export function asApiError(thrown: unknown): ApiError {
  return thrown instanceof ApiError ? thrown : new ApiError("unexpected", "Something went wrong in the page.");
}
