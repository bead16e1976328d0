import { createReadStream } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { createGzip } from "node:zlib";
import type { Log } from "../../commands/support/log.ts";
import { budgets, countedSize, sizeOf } from "../budget.ts";
import type { Experiment, Figure, Side } from "../harness/experiment.ts";
import type { Group } from "../harness/groups.ts";
import type { Commands } from "../place/commands.ts";
import {
  type BuiltImages,
  buildImages,
  buildService,
  containerName,
  ensureNetwork,
  floorFolder,
  freePort,
  startContainer,
} from "../place/containers.ts";
import { backendEdit } from "../place/edits.ts";
import { countersOf } from "../place/engine.ts";
import { untilAnswered } from "../place/poll.ts";
import type { Surroundings } from "../place/surroundings.ts";

const MB = 1_000_000;

/** Memory in the unit of the requirement. */
const MiB = 1024 ** 2;

/** What there is of a database for an image that is only asked for its health. */
const nowhere = "DATABASE_URL=postgresql://todo:todo@127.0.0.1:1/todo?sslmode=disable";

/** What an image weighs, how it starts, and what an edit of its source costs to build. */
export const image: Group<Surroundings> = {
  name: "image",
  open: async (surroundings, log) => {
    const commands = await surroundings.commands("own", log);
    const built = await buildImages(surroundings, log);
    const starts = await startSides(surroundings, commands, built);
    return [sizes(commands, built), ...starts, await edits(surroundings, log)];
  },
};

function sizes(commands: Commands, { backend, frontend, nginx }: BuiltImages): Experiment {
  const { env } = commands;
  const own: Side = {
    name: "docker image inspect",
    measure: async () => ({
      backend: (await sizeOf(backend, env)) / MB,
      backendCompressed: (await compressedSize(commands, backend)) / MB,
      frontend: (await sizeOf(frontend, env)) / MB,
      frontendCompressed: (await compressedSize(commands, frontend)) / MB,
      frontendBase: (await sizeOf(nginx, env)) / MB,
      onTop: (await countedSize(frontend, budgets.frontend, env)) / MB,
    }),
  };
  const size = (name: string, value: string, limit?: number): Figure => ({
    name,
    unit: "MB",
    own: { side: own.name, value },
    ...(limit === undefined ? {} : { limit: { of: "own", is: "at most", value: limit / MB } }),
  });
  const figures = [
    size("backend image, no layer of it from a base image", "backend", budgets.backend.uncompressed),
    size("backend image, compressed", "backendCompressed", budgets.backend.compressed),
    size("frontend image", "frontend"),
    size("frontend image, compressed", "frontendCompressed"),
    size("frontend image, the part that is its nginx base", "frontendBase"),
    size("frontend image, on top of its base", "onTop", budgets.frontend.uncompressed),
  ];
  return { name: "sizes", runs: 1, quickRuns: 1, warmUp: false, sides: [own], figures };
}

/** The sum of the layers, each by gzip at its default level as `docker push` does, in bytes. */
async function compressedSize(commands: Commands, reference: string): Promise<number> {
  const folder = await mkdtemp(join(commands.folder, ".bench-layers-"));
  try {
    await commands.run("docker", "save", "--output", join(folder, "image.tar"), reference);
    await commands.run("tar", "-xf", join(folder, "image.tar"), "-C", folder);
    const [manifest] = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8")) as { Layers: string[] }[];
    let bytes = 0;
    for (const layer of manifest?.Layers ?? []) bytes += await gzippedSize(join(folder, layer));
    return bytes;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function gzippedSize(file: string): Promise<number> {
  let bytes = 0;
  const count = new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done();
    },
  });
  await pipeline(createReadStream(file), createGzip(), count);
  return bytes;
}

async function startSides(surroundings: Surroundings, commands: Commands, built: BuiltImages): Promise<Experiment[]> {
  const network = await ensureNetwork(surroundings, commands);
  const floor = ["--volume", `${await floorFolder(surroundings)}:/floor:ro`];
  const start = (name: string, port: number, path: string, args: readonly string[]): Side => ({
    name,
    measure: () => startOnce(surroundings, commands, { network, port, path, args }),
  });
  const api = [...["--env", "PORT=8000", "--env", nowhere], built.backend];
  const backend = [
    start("the backend", 8000, "/health", api),
    start("an empty FastAPI app in the same image", 8000, "/health", [...floor, ...api, "python", "/floor/empty.py"]),
  ];
  const page = ["--volume", `${await floorFolder(surroundings)}:/srv/www:ro`, ...floor];
  const frontend = [
    start("the frontend", 8080, "/health", [built.frontend]),
    start("nginx with a minimal configuration", 8080, "/nginx.conf", [
      ...page,
      built.nginx,
      "nginx",
      "-c",
      "/floor/nginx.conf",
    ]),
  ];
  return [starts("backend", backend, [900, 750]), starts("frontend", frontend, [250])];
}

function starts(service: string, sides: readonly Side[], [time, cpu]: readonly number[]): Experiment {
  const [own = "", floor = ""] = sides.map(({ name }) => name);
  const figure = (name: string, unit: Figure["unit"], value: string, limit: number | undefined): Figure => ({
    name: `${service}, ${name}`,
    unit,
    own: { side: own, value },
    floors: [[{ side: floor, value }]],
    ...(limit === undefined ? {} : { limit: { of: "own", is: "at most", value: limit } }),
  });
  const figures = [
    figure("container start to the first 200", "ms", "time", time),
    figure("processor time until then", "ms", "cpu", cpu),
    figure("idle memory", "MiB", "memory", service === "backend" ? 60 : undefined),
  ];
  return { name: `${service}: start`, runs: 7, quickRuns: 2, sides, figures };
}

/** How a container is started and asked. */
interface Start {
  readonly network: string;
  readonly port: number;
  readonly path: string;
  readonly args: readonly string[];
}

/**
 * From the engine's own time of the start. The asking begins as soon as the engine's client has come back, some hundredths of a
 * second later: a question before the container has its network would be sent again only after a second.
 */
async function startOnce(
  surroundings: Surroundings,
  commands: Commands,
  { network, port, path, args }: Start,
): Promise<{ time: number; cpu: number; memory: number }> {
  const [name, outside] = [containerName("start"), await freePort()];
  const place = ["--network", network, "--publish", `127.0.0.1:${outside}:${port}`, "--read-only", "--tmpfs", "/tmp"];
  await startContainer(surroundings, commands, name, [...place, ...args]);
  const patience = { timeoutMs: 30_000, pauseMs: 3 };
  await untilAnswered(`http://127.0.0.1:${outside}${path}`, ({ status }) => status === 200, patience);
  const at = Date.now();
  const { cpuSeconds: cpu } = await countersOf(commands, name);
  const startedAt = (await commands.run("docker", "inspect", "--format", "{{.State.StartedAt}}", name)).trim();
  // What a start leaves behind is given back by then.
  await sleep(1500);
  const { memory } = await countersOf(commands, name);
  await commands.run("docker", "rm", "--force", name);
  return { time: at - Date.parse(startedAt), cpu: cpu * 1000, memory: memory / MiB };
}

async function edits(surroundings: Surroundings, log: Log): Promise<Experiment> {
  const commands = await surroundings.commands("floor", log);
  const editor = await surroundings.editor("floor", backendEdit);
  const tag = "todo-bench-backend:edited";
  surroundings.noteImages(tag);
  const build = async () => {
    const since = performance.now();
    await buildService(commands, "backend", tag);
    return { time: performance.now() - since };
  };
  const own: Side = {
    name: "docker build after the edit of a line",
    measure: () => {
      editor.apply();
      return build();
    },
  };
  const floor: Side = { name: "docker build with nothing changed", measure: build };
  const figure: Figure = {
    name: "backend, build after the edit of a line",
    unit: "ms",
    own: { side: own.name, value: "time" },
    floors: [[{ side: floor.name, value: "time" }]],
    limit: { of: "own", is: "at most", value: 500 },
  };
  return { name: "build after an edit", runs: 7, quickRuns: 2, sides: [own, floor], figures: [figure] };
}
