/**
 * The load, as k6 runs it: requests arrive at a constant rate, however slowly they are answered. A quarter each: the page
 * and the API, over connections that are kept and over a new one for each request. BASE_URL, RATE (requests a second in
 * all), SECONDS and RUN (part of each title) come as `--env`. What the harness reads is printed as one JSON object a line.
 */
import exec from "k6/execution";
import http from "k6/http";
import { isFile, isList, isPage, isTodo } from "./answers.js";
import { send, tell } from "./client.js";

export { handleSummary } from "./client.js";

const { BASE_URL, RUN } = __ENV;
const rate = Number(__ENV.RATE);
const seconds = Number(__ENV.SECONDS);

/** A pause of so many seconds in all answers drops no arrival: each waits with a virtual user of its own. */
const PAUSE_SECONDS = 3;

/** Three parts of reading to two of writing; a virtual user begins somewhere in it. */
const API_STEPS = [create, list, read, complete, list, read, create, list, read, complete];

/** Virtual users, all made before the load begins: to make one takes time in which its arrival would be dropped. */
const usersOfScenario = Math.ceil((rate / 4) * PAUSE_SECONDS);

/** A quarter of the requests; `each` says how many of them one arrival makes. */
const arrivals = (task, each) => ({
  executor: "constant-arrival-rate",
  exec: task,
  rate,
  timeUnit: `${4 * each}s`,
  duration: `${seconds}s`,
  preAllocatedVUs: usersOfScenario,
  // Longer than a request with a timeout takes; what is unfinished even then counts as failed.
  gracefulStop: "30s",
});

export const options = {
  scenarios: {
    pageKept: arrivals("page", 2),
    pageNew: arrivals("page", 2),
    apiKept: arrivals("api", 1),
    apiNew: arrivals("api", 1),
  },
  discardResponseBodies: false,
  // Labels of each sample that nobody reads cost memory, the addresses of todos above all.
  systemTags: [],
  summaryTrendStats: ["p(50)", "p(95)", "p(99)", "max"],
};

/** The todo that this virtual user wrote last, which nobody else changes; null where there is none of certain state. */
let mine;

/** Looks at the page, and writes first todos; none of it counts, and the load does not begin where it fails. */
export function setup() {
  return { files: readFiles(), ids: writeFirst() };
}

/** The files of the version that is there now, by their paths. */
function readFiles() {
  const html = http.get(`${BASE_URL}/`);
  const files = filesOf(html).map((path) => [path, http.get(`${BASE_URL}${path}`)]);
  const isGood = isPage(html) && files.length > 0 && files.every(([, { status }]) => status === 200);
  if (!isGood) abort(`GET / ${html.status}, its files ${files.map(([, { status }]) => status)}`);
  return Object.fromEntries(files.map(([path, { body }]) => [path, { length: body.length, end: body.slice(-100) }]));
}

/** A todo for each user of the API, so that each can read and change one of its own from the start. */
function writeFirst() {
  const answers = http.batch(Array.from({ length: 2 * usersOfScenario }, (_, index) => firstWrite(firstTitle(index))));
  return answers.map((answer, index) => {
    const todo = { title: firstTitle(index), completed: false };
    if (!isTodo(201, todo)(answer)) abort(`POST /api/todos ${answer.status}`);
    tell({ wrote: { id: answer.json("id"), ...todo } });
    return answer.json("id");
  });
}

const abort = (what) => exec.test.abort(`The service does not work before the load begins: ${what}`);

const firstTitle = (index) => `load ${RUN} first ${index}`;

const firstWrite = (title) => ({
  method: "POST",
  url: `${BASE_URL}/api/todos`,
  body: JSON.stringify({ title }),
  params: { headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() } },
});

/** The page, then one of the files that it names, as a browser asks: during an update they may be another version's. */
export function page({ files }) {
  const isNew = onNewConnection();
  const html = send("GET /", "GET", "/", isPage, isNew);
  const paths = html === undefined ? [] : filesOf(html);
  const path = paths[turn() % paths.length];
  if (path !== undefined) send("GET a file", "GET", path, isFile(files[path]), isNew);
  tellFirst();
}

/** The files of its own version that the page's HTML names. */
const filesOf = ({ body }) => [...new Set((body ?? "").match(/\/_next\/static\/[\w/.-]+\.(?:js|css)/g))];

/** One request to the API. */
export function api({ ids }) {
  if (mine === undefined) mine = firstTodo(ids);
  API_STEPS[turn() % API_STEPS.length](onNewConnection());
  tellFirst();
}

/** One that no other takes: an iteration's number is its own, and the first ones are the first of each virtual user. */
function firstTodo(ids) {
  const number = exec.scenario.iterationInTest;
  if (number >= usersOfScenario) return null;
  const index = onNewConnection() ? usersOfScenario + number : number;
  return { id: ids[index], title: firstTitle(index), completed: false };
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

/** How often this virtual user was used, from a start of its own, so that they do not all do the same at a time. */
const turn = () => exec.vu.iterationInScenario + exec.vu.idInTest;

/** Virtual users belong to one scenario, so that none of those with new connections has a kept one. */
const onNewConnection = () => exec.scenario.name.endsWith("New");

/** Tells the harness that a scenario runs. */
function tellFirst() {
  if (exec.scenario.iterationInTest === 0) tell({ running: exec.scenario.name, at: Date.now() });
}
