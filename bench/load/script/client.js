/** How the load's client asks, and what it counts and prints. */
import { sleep } from "k6";
import http from "k6/http";
import { Counter, Trend } from "k6/metrics";

/** Seconds after which a client whose connection broke asks again on a new one, as the page does: apps/frontend/lib/api/client.ts. */
const RESEND_AFTER_SECONDS = [0.2, 0.8, 2];

const counters = Object.fromEntries(
  ["requests", "answered", "failed", "wrong", "resent"].map((name) => [name, new Counter(`load_${name}`)]),
);
const took = new Trend("load_took", true);

/** Sends a request as a client does, judges the answer and counts it; gives the answer back where it is right. */
export function send(operation, method, path, isRight, isNew, body) {
  const since = Date.now();
  counters.requests.add(1);
  const answer = attempt(method, path, body && { key: crypto.randomUUID(), text: JSON.stringify(body) }, isNew);
  took.add(Date.now() - since);
  const isFailure = answer.status === 0 || answer.status >= 400;
  const isGood = !isFailure && isRight(answer);
  counters.answered.add(1);
  if (isGood) return answer;
  counters[isFailure ? "failed" : "wrong"].add(1);
  const what = isFailure
    ? answer.status || `${answer.error} (k6 error ${answer.error_code})`
    : `wrong, ${answer.status}`;
  tell({ error: `${operation}, ${isNew ? "new" : "kept"} connection: ${what}`, at: Date.now() });
  return undefined;
}

/**
 * Every request of this script can be sent again, since it is idempotent: RFC 9110, section 9.2.2, or by its key. Go's client
 * does so once by itself, uncounted, where a kept connection turns out to be closed; a browser does the same.
 */
function attempt(method, path, body, isNew) {
  const headers = {};
  if (isNew) headers.Connection = "close";
  if (body) Object.assign(headers, { "Content-Type": "application/json", "Idempotency-Key": body.key });
  const ask = () =>
    http.request(method, `${__ENV.BASE_URL}${path}`, body?.text, { headers, timeout: "20s", redirects: 0 });
  let answer = ask();
  for (const seconds of RESEND_AFTER_SECONDS) {
    if (!isBroken(answer)) break;
    counters.resent.add(1);
    sleep(seconds);
    answer = ask();
  }
  return answer;
}

/** No answer, and no timeout either (1050 of the request, 1211 of the connection): go.k6.io/k6/lib/netext/httpext/error_codes.go. */
function isBroken({ status, error_code: code }) {
  return status === 0 && code !== 1050 && code !== 1211;
}

/** Prints a line that the harness reads. */
export function tell(line) {
  console.log(JSON.stringify(line));
}

/** The figures, as the last line; latencies in milliseconds, from the first attempt's start to the last one's answer. */
export function handleSummary({ metrics }) {
  const count = (name) => metrics[name]?.values.count ?? 0;
  const { "p(50)": p50, "p(95)": p95, "p(99)": p99, max } = metrics.load_took?.values ?? {};
  const unfinished = count("load_requests") - count("load_answered");
  const figures = {
    requests: count("load_requests"),
    failed: count("load_failed") + unfinished,
    unfinished,
    wrong: count("load_wrong"),
    resent: count("load_resent"),
    dropped: count("dropped_iterations"),
    ...{ p50, p95, p99, max },
  };
  return { stdout: `${JSON.stringify({ figures })}\n` };
}
