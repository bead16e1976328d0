/**
 * The load, as k6 runs it: requests arrive at a constant rate, however slowly they are answered. A quarter each: the page
 * and the API, over connections that are kept and over a new one for each request. BASE_URL, RATE (requests a second in
 * all), SECONDS and RUN (part of each title) come as `--env`. What the harness reads is printed as one JSON object a line.
 */

import { sleep } from "k6";
import exec from "k6/execution";
import http from "k6/http";
import { Counter, Trend } from "k6/metrics";

const { BASE_URL, RUN } = __ENV;
const rate = Number(__ENV.RATE);
const seconds = Number(__ENV.SECONDS);

/** What the page's HTML must hold. */
const MARKER = "<title>Todo</title>";

/** A pause of so many seconds in all answers drops no arrival: each waits with a virtual user of its own. */
const PAUSE_SECONDS = 3;

/** How a client behaves whose connection broke: it asks again on a new one. */
const RESENDS = 5;
const RESEND_AFTER_SECONDS = 0.2;

/** Three parts of reading to two of writing; a virtual user begins somewhere in it. */
const API_STEPS = [create, list, read, complete, list, read, create, list, read, complete];

/** Virtual users, all made before the load begins: to make one takes time in which its arrival would be dropped. */
const usersOfScenario = Math.ceil((rate / 4) * PAUSE_SECONDS);

const arrivals = (exec) => ({
  executor: "constant-arrival-rate",
  exec,
  rate,
  timeUnit: "4s",
  duration: `${seconds}s`,
  preAllocatedVUs: usersOfScenario,
  // Longer than a request with a timeout takes; what is unfinished even then counts as failed.
  gracefulStop: "30s",
});

export const options = {
  scenarios: {
    pageKept: arrivals("page"),
    pageNew: arrivals("page"),
    apiKept: arrivals("api"),
    apiNew: arrivals("api"),
  },
  discardResponseBodies: false,
  // Labels of each sample that nobody reads cost memory, the addresses of todos above all.
  systemTags: [],
  summaryTrendStats: ["p(50)", "p(95)", "p(99)", "max"],
};

const counters = Object.fromEntries(
  ["requests", "answered", "failed", "wrong", "resent"].map((name) => [name, new Counter(`load_${name}`)]),
);
const took = new Trend("load_took", true);

/** The todo that this virtual user wrote last, which nobody else changes; null while its state is uncertain. */
let mine;

/**
 * Finds an asset and writes a todo for each virtual user, so that each can read and change one of its own from the start.
 * None of it counts; the load does not begin where it fails.
 */
export function setup() {
  const html = http.get(`${BASE_URL}/`);
  const path = /(?:src|href)="(\/_next\/static\/[^"]+\.js)"/.exec(html.body ?? "")?.[1];
  const asset = http.get(`${BASE_URL}${path}`);
  const writes = Array.from({ length: 4 * usersOfScenario }, (_, index) => firstWrite(firstTitle(index)));
  const answers = isPage(html) && asset.status === 200 ? http.batch(writes) : [];
  const wrong = answers.findIndex(
    (answer, index) => !isTodo(201, { title: firstTitle(index), completed: false })(answer),
  );
  if (answers.length === 0 || wrong >= 0) {
    const what = answers.length === 0 ? `GET / ${html.status}, its asset ${asset.status}` : answers[wrong].status;
    exec.test.abort(`The service does not work before the load begins: ${what}`);
  }
  const ids = answers.map((answer) => answer.json("id"));
  for (const [index, id] of ids.entries()) tell({ wrote: { id, title: firstTitle(index), completed: false } });
  return { asset: { path, length: asset.body.length, end: asset.body.slice(-100) }, ids };
}

const firstTitle = (index) => `load ${RUN} first ${index}`;

const firstWrite = (title) => ({
  method: "POST",
  url: `${BASE_URL}/api/todos`,
  body: JSON.stringify({ title }),
  params: { headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() } },
});

/** One request for the page or for its asset. */
export function page({ asset }) {
  const isNew = onNewConnection();
  if (turn() % 2 === 0) send("GET /", "GET", "/", isPage, isNew);
  else send("GET an asset", "GET", asset.path, (answer) => isAsset(answer, asset), isNew);
  tellFirst();
}

/** One request to the API. */
export function api({ ids }) {
  const index = exec.vu.idInTest - 1;
  if (mine === undefined) mine = { id: ids[index], title: firstTitle(index), completed: false };
  API_STEPS[turn() % API_STEPS.length](onNewConnection());
  tellFirst();
}

function list(isNew) {
  send("GET /api/todos", "GET", "/api/todos?limit=20", isList, isNew);
}

function read(isNew) {
  if (mine === null) return list(isNew);
  send("GET /api/todos/{id}", "GET", `/api/todos/${mine.id}`, isTodo(200, mine), isNew);
}

function create(isNew) {
  const wanted = { title: `load ${RUN} ${crypto.randomUUID()}`, completed: false };
  const answer = send("POST /api/todos", "POST", "/api/todos", isTodo(201, wanted), isNew, { title: wanted.title });
  if (answer !== undefined) acknowledge({ id: answer.json("id"), ...wanted });
}

function complete(isNew) {
  if (mine === null || mine.completed) return create(isNew);
  const wanted = { ...mine, completed: true };
  mine = null;
  const path = `/api/todos/${wanted.id}`;
  const answer = send("PATCH /api/todos/{id}", "PATCH", path, isTodo(200, wanted), isNew, { completed: true });
  if (answer !== undefined) acknowledge(wanted);
}

/** Prints a write that the service has confirmed: from here on it must never be lost. */
function acknowledge(todo) {
  mine = todo;
  tell({ wrote: todo });
}

/** Sends a request as a client does, judges the answer and counts it; gives the answer back where it is right. */
function send(operation, method, path, isRight, isNew, body) {
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
  const ask = () => http.request(method, `${BASE_URL}${path}`, body?.text, { headers, timeout: "20s", redirects: 0 });
  let answer = ask();
  for (let left = RESENDS; left > 0 && isBroken(answer); left--) {
    counters.resent.add(1);
    sleep(RESEND_AFTER_SECONDS);
    answer = ask();
  }
  return answer;
}

/** No answer, and no timeout either (1050 of the request, 1211 of the connection): go.k6.io/k6/lib/netext/httpext/error_codes.go. */
function isBroken({ status, error_code: code }) {
  return status === 0 && code !== 1050 && code !== 1211;
}

const isPage = ({ status, body }) => status === 200 && body?.includes(MARKER);

const isAsset = ({ status, body }, { length, end }) => status === 200 && body?.length === length && body.endsWith(end);

const isTodo = (status, wanted) => (answer) => {
  if (answer.status !== status) return false;
  const todo = parsed(answer);
  const isSame = wanted.id === undefined ? typeof todo?.id === "string" : todo?.id === wanted.id;
  return isSame && todo.title === wanted.title && todo.completed === wanted.completed;
};

function isList(answer) {
  const items = answer.status === 200 && parsed(answer)?.items;
  return Array.isArray(items) && items.length > 0 && items.length <= 20 && items.every(({ title }) => title !== "");
}

/** The answer's document; `undefined` where it is none. */
function parsed(answer) {
  try {
    return answer.json();
  } catch {
    return undefined;
  }
}

/** How often this virtual user was used, from a start of its own, so that they do not all do the same at a time. */
const turn = () => exec.vu.iterationInScenario + exec.vu.idInTest;

/** Virtual users belong to one scenario, so that none of those with new connections has a kept one. */
const onNewConnection = () => exec.scenario.name.endsWith("New");

/** Tells the harness that a scenario runs. */
function tellFirst() {
  if (exec.scenario.iterationInTest === 0) tell({ running: exec.scenario.name, at: Date.now() });
}

function tell(line) {
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
