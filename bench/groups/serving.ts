import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../../commands/support/log.ts";
import { parseYaml } from "../../components/yaml.ts";
import type { Experiment, Figure, Limit, Side } from "../harness/experiment.ts";
import type { Group } from "../harness/groups.ts";
import type { Commands } from "../place/commands.ts";
import {
  addressOf,
  buildImages,
  containerName,
  ensureNetwork,
  floorFolder,
  startContainer,
  startDatabase,
} from "../place/containers.ts";
import { untilAnswered } from "../place/poll.ts";
import type { Surroundings } from "../place/surroundings.ts";
import { cores, load, whyNoLoad } from "../place/wrk.ts";

/** How many todos the list has. */
const todos = 20;

/** A container that serves, and what of it is asked. */
interface Server {
  readonly container: string;
  /** Its address on the containers' network. */
  readonly url: string;
}

/** Requests a second, the slowest of a hundred, and the processor time of one, at 32 connections. */
export const serving: Group<Surroundings> = {
  name: "serving",
  open: async (surroundings, log) => {
    const skipped = await whyNoLoad(await surroundings.machine(log), log);
    if (skipped !== undefined)
      return pairs.map((pair) => experimentOf(pair, [nothing(pair.own, skipped), nothing(pair.floor, skipped)]));
    const commands = await surroundings.commands("own", log);
    const start = await starter(surroundings, commands, log);
    return pairs.map((pair) => {
      const sides = (["own", "floor"] as const).map((which) => sideOf(commands, pair, which, start));
      return experimentOf(pair, sides);
    });
  },
};

/** What is compared: the same path of ours and of a floor, on a processor of its own or within the chart's limits. */
interface Pair {
  readonly name: string;
  readonly service: "backend" | "frontend";
  readonly program: "empty.py" | "list.py" | "nginx.conf";
  readonly path: string;
  readonly own: string;
  readonly floor: string;
  readonly withinLimits: boolean;
  readonly limit?: Limit;
}

const emptyApp = "uvicorn, uvloop and httptools on an empty FastAPI app";
const bareList = "a bare asyncpg handler in FastAPI";
const bareNginx = "nginx with a minimal configuration";
const health = { service: "backend", program: "empty.py", path: "/health", own: "the API", floor: emptyApp } as const;
const list = { service: "backend", program: "list.py", path: "/api/todos", own: "the API", floor: bareList } as const;
const page = {
  service: "frontend",
  program: "nginx.conf",
  path: "/index.html",
  own: "the page",
  floor: bareNginx,
} as const;
const atLeast = (value: number): Limit => ({ of: "ratio", is: "at least", value });

const pairs: readonly Pair[] = [
  { ...health, name: "API /health", withinLimits: false, limit: atLeast(1) },
  { ...list, name: `API, list of ${todos} todos`, withinLimits: false, limit: atLeast(0.5) },
  { ...page, name: "page", withinLimits: false },
  { ...health, name: "API /health, within the chart's limits", withinLimits: true },
  { ...list, name: `API, list of ${todos} todos, within the chart's limits`, withinLimits: true },
  { ...page, name: "page, within the chart's limits", withinLimits: true },
];

function experimentOf({ name, own, floor, limit, withinLimits }: Pair, sides: readonly Side[]): Experiment {
  const figure = (what: string, unit: Figure["unit"], value: string): Figure => ({
    name: `${name}: ${what}`,
    unit,
    own: { side: own, value },
    floors: [[{ side: floor, value }]],
  });
  const rate = figure("requests a second", "1/s", "rate");
  const figures = [
    limit === undefined ? rate : { ...rate, limit },
    figure("p99", "ms", "p99"),
    figure("processor time of a request", "us", "cpu"),
  ];
  return { name, runs: 7, quickRuns: withinLimits ? 0 : 1, sides, figures };
}

const nothing = (name: string, skipped: string): Side => ({ name, skipped, measure: async () => ({}) });

/** Started when it is first measured: what is left out costs nothing. */
function sideOf(commands: Commands, pair: Pair, which: "own" | "floor", start: Start): Side {
  let started: Promise<Server> | undefined;
  return {
    name: pair[which],
    measure: async () => {
      started ??= start(pair, which);
      const { container, url } = await started;
      return load(commands, container, url + pair.path);
    },
  };
}

type Start = (pair: Pair, which: "own" | "floor") => Promise<Server>;

/** Starts the database with its todos, and gives back what starts a server beside it. */
async function starter(surroundings: Surroundings, commands: Commands, log: Log): Promise<Start> {
  const built = await buildImages(surroundings, log);
  const network = await ensureNetwork(surroundings, commands);
  const place = (core: string) => ["--network", network, "--cpuset-cpus", core];
  const database = await startDatabase(surroundings, commands, place(cores.others));
  const settings = ["--env", "PORT=8000", "--env", `DATABASE_URL=${database}`];
  const files = await pageFiles(surroundings, commands, built.frontend);
  const mounts = ["--volume", `${await floorFolder(surroundings)}:/floor:ro`, "--volume", `${files}:/srv/www:ro`];
  const memory = ["--read-only", "--tmpfs", "/tmp"];
  await commands.run(
    "docker",
    "run",
    "--rm",
    ...place(cores.others),
    ...settings,
    ...memory,
    built.backend,
    "python",
    "-m",
    "todo.migrate",
  );
  const floorCommand = (pair: Pair) =>
    pair.service === "backend"
      ? [built.backend, "python", `/floor/${pair.program}`]
      : [built.nginx, "nginx", "-c", `/floor/${pair.program}`];
  let hasTodos = false;
  return async (pair, which) => {
    const container = containerName("serving");
    const limits = pair.withinLimits ? limitsOf(commands.folder, pair.service) : [];
    const environment = pair.service === "backend" ? settings : [];
    const program = which === "own" ? [built[pair.service]] : [...mounts, ...floorCommand(pair)];
    await startContainer(surroundings, commands, container, [
      ...place(cores.server),
      ...memory,
      ...limits,
      ...environment,
      ...program,
    ]);
    const url = `http://${await addressOf(commands, container)}:${pair.service === "backend" ? 8000 : 8080}`;
    await untilAnswered(`${url}${pair.path}`, ({ status }) => status === 200, { timeoutMs: 30_000 });
    if (pair.service === "backend" && which === "own" && !hasTodos) {
      hasTodos = true;
      await makeTodos(url);
    }
    return { container, url };
  };
}

/** The chart's own limits of one service, as `docker run` takes them. */
function limitsOf(folder: string, service: Pair["service"]): readonly string[] {
  const values = parseYaml(readFileSync(join(folder, "chart", "values.yaml"), "utf8")) as Record<
    Pair["service"],
    { resources: { limits: { cpu: string; memory: string } } }
  >;
  const { cpu, memory } = values[service].resources.limits;
  const processors = cpu.endsWith("m") ? Number(cpu.slice(0, -1)) / 1000 : Number(cpu);
  return ["--cpus", String(processors), "--memory", memory.replace(/i$/, "").toLowerCase()];
}

async function makeTodos(url: string): Promise<void> {
  for (let number = 1; number <= todos; number++) {
    const body = JSON.stringify({ title: `Todo number ${number}`, notes: "Some notes on it" });
    const answer = await fetch(`${url}/api/todos`, {
      method: "POST",
      body,
      headers: { "content-type": "application/json" },
    });
    if (answer.status !== 201)
      throw new Error(`the API answers ${answer.status} to a new todo: ${await answer.text()}`);
  }
}

/** The page's files, for the floor to serve the very same. */
async function pageFiles(surroundings: Surroundings, commands: Commands, frontend: string): Promise<string> {
  const folder = join((await surroundings.copy("own")).folder, ".bench-page");
  const container = containerName("page");
  await mkdir(folder, { recursive: true });
  await commands.run("docker", "create", "--name", container, frontend);
  surroundings.onRemove(() => commands.cleanUp("docker", "rm", "--force", container));
  await commands.run("docker", "cp", `${container}:/srv/www/.`, folder);
  return folder;
}
