import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../../commands/support/log.ts";
import { findOnPath } from "../../commands/tools/install.ts";
import { ensureOnNodes } from "../../components/node/presence.ts";
import type { Experiment, Figure, Side } from "../harness/experiment.ts";
import type { Group } from "../harness/groups.ts";
import type { BenchCluster } from "../place/cluster.ts";
import type { Commands } from "../place/commands.ts";
import { buildService } from "../place/containers.ts";
import { backendEdit } from "../place/edits.ts";
import { countingBytes, ctr, forget, stream, throughFiles } from "../place/node.ts";
import type { Surroundings } from "../place/surroundings.ts";

/** An image of 100 MB, in megabytes a layer; then a last one of a few kilobytes. */
const layers = [60, 30, 10];
const lastLayerBytes = 7000;
const repository = "todo-bench-node";

/** The loader serves an answer for two seconds (components/node/recently.ts); it shall ask. */
const untilAnswersAgeMs = 2100;

/** How an image reaches the node. */
export const node: Group<Surroundings> = {
  name: "node",
  open: async (surroundings, log) => {
    const commands = await surroundings.commands("floor", log);
    const cluster = await surroundings.cluster(log);
    const images = await makeImages(surroundings, commands, log);
    const ways = waysOf(commands, cluster);
    // The loader runs in this process: it shall find the same engine's client as everything else.
    process.env.PATH = commands.env.PATH;
    const last = [...ways, await minikube(surroundings, commands)];
    return [
      firstTime(images, ways, () => forget(commands, cluster, repository)),
      again(images, ways, commands, cluster),
      lastLayer(images, last, () => stream(commands, cluster, images.first)),
      await bytes(surroundings, commands, cluster, log),
    ];
  },
};

/** One way to put an image on the node. */
interface Way {
  readonly name: string;
  readonly put: (reference: string) => Promise<unknown>;
  readonly skipped?: string;
}

const [loader, plain, files] = [
  "the loader",
  "docker save | ctr import",
  "save, copy, import (as minikube image load does)",
];

function waysOf(commands: Commands, cluster: BenchCluster): Way[] {
  return [
    { name: loader, put: (reference) => ensureOnNodes(cluster.target, reference) },
    { name: plain, put: (reference) => stream(commands, cluster, reference) },
    { name: files, put: (reference) => throughFiles(commands, cluster, reference) },
  ];
}

/** Images that differ in their last layer alone. */
interface Images {
  readonly first: string;
  /** Builds another one. */
  readonly next: () => Promise<string>;
}

async function makeImages(surroundings: Surroundings, commands: Commands, log: Log): Promise<Images> {
  const folder = await mkdtemp(join(tmpdir(), "todo-stack-bench-image-"));
  surroundings.onRemove(() => rm(folder, { recursive: true, force: true }));
  await mkdir(folder, { recursive: true });
  log(`building an image of ${layers.reduce((sum, size) => sum + size)} MB`);
  for (const [index, size] of layers.entries()) await writeFile(join(folder, `layer${index}`), randomBytes(size * 1e6));
  const copies = [...layers.keys()].map((index) => `COPY layer${index} /`);
  await writeFile(
    join(folder, "Dockerfile"),
    ["FROM scratch", ...copies, "COPY last /", 'CMD ["/last"]', ""].join("\n"),
  );
  let built = 0;
  const next = async () => {
    const tag = `${repository}:${built++}`;
    surroundings.noteImages(tag);
    await writeFile(join(folder, "last"), randomBytes(lastLayerBytes));
    await commands.run("docker", "build", "--quiet", "--tag", tag, folder);
    return tag;
  };
  return { first: await next(), next };
}

function sidesOf(ways: readonly Way[], prepare: () => Promise<string>): Side[] {
  return ways.map(({ name, put, skipped }) => ({
    name,
    ...(skipped === undefined ? {} : { skipped }),
    measure: async () => {
      const reference = await prepare();
      await sleep(untilAnswersAgeMs);
      return timed(() => put(reference));
    },
  }));
}

async function timed(work: () => Promise<unknown>): Promise<{ time: number }> {
  const since = performance.now();
  await work();
  return { time: (performance.now() - since) / 1000 };
}

const figure = (name: string, floors: readonly string[], limit?: Figure["limit"]): Figure => ({
  name,
  unit: "s",
  own: { side: loader, value: "time" },
  floors: floors.map((side) => [{ side, value: "time" }]),
  ...(limit === undefined ? {} : { limit }),
});

function firstTime({ first }: Images, ways: readonly Way[], forgetAll: () => Promise<void>): Experiment {
  const prepare = async () => {
    await forgetAll();
    return first;
  };
  const figures = [figure("100 MB, first time", [plain]), figure("100 MB, first time, beside files", [files])];
  return { name: "first time", runs: 5, quickRuns: 0, warmUp: false, sides: sidesOf(ways, prepare), figures };
}

function again({ first }: Images, ways: readonly Way[], commands: Commands, { node: name }: BenchCluster): Experiment {
  const asking = "ctr images list";
  const ask: Way = { name: asking, put: () => commands.run(...ctr(name, "images", "list", "--quiet")) };
  const figures = [figure("100 MB, again", [asking]), figure("100 MB, again, beside files", [files])];
  return { name: "again", runs: 7, quickRuns: 0, sides: sidesOf([...ways, ask], async () => first), figures };
}

function lastLayer(images: Images, ways: readonly Way[], putFirst: () => Promise<unknown>): Experiment {
  let isThere: Promise<unknown> | undefined;
  // The engine compresses a layer at its first push, which `npm run dev` has done before the first edit.
  const push = async (): Promise<void> => {
    await putFirst();
    await ways[0]?.put(await images.next());
  };
  const prepare = async () => {
    isThere ??= push();
    await isThere;
    return images.next();
  };
  const tenth = { of: "ratio", is: "at most", value: 0.1 } as const;
  const figures = [
    figure("100 MB, last layer changed", [plain]),
    figure("100 MB, last layer changed, beside minikube image load", [minikubeName, files], tenth),
  ];
  return { name: "last layer changed", runs: 7, quickRuns: 1, sides: sidesOf(ways, prepare), figures };
}

const minikubeName = "minikube image load";

/** Minikube itself, where a profile of it runs. */
async function minikube(surroundings: Surroundings, commands: Commands): Promise<Way> {
  const profile = await runningProfile(commands);
  if (profile === undefined) {
    return { name: minikubeName, put: async () => undefined, skipped: "no Minikube profile runs here" };
  }
  const image = ["--profile", profile, "image"];
  const put = async (reference: string) => {
    surroundings.onRemove(() => commands.cleanUp("minikube", ...image, "rm", reference));
    await commands.run("minikube", ...image, "load", reference);
  };
  return { name: minikubeName, put };
}

async function runningProfile(commands: Commands): Promise<string | undefined> {
  if (findOnPath(commands.env, "minikube") === undefined) return undefined;
  const listed = await commands.run("minikube", "profile", "list", "--output", "json");
  const { valid } = JSON.parse(listed) as { valid: { Name: string; Status: string }[] };
  return valid.find(({ Status }) => Status === "Running" || Status === "OK")?.Name;
}

/** What goes to the node for the edit of one line of the backend. */
async function bytes(
  surroundings: Surroundings,
  commands: Commands,
  cluster: BenchCluster,
  log: Log,
): Promise<Experiment> {
  const editor = await surroundings.editor("floor", backendEdit);
  const edited = async () => {
    const tag = `todo-bench-backend:${editor.apply()}`;
    surroundings.noteImages(tag);
    await buildService(commands, "backend", tag);
    await sleep(untilAnswersAgeMs);
    return tag;
  };
  log("building the backend and putting it on the node");
  // As before any edit: the whole image is there, and its layers have been pushed once.
  for (const _time of [1, 2]) await ensureOnNodes(cluster.target, await edited());
  const own: Side = {
    name: loader,
    measure: async () => {
      const tag = await edited();
      return { kB: (await countingBytes(commands, () => ensureOnNodes(cluster.target, tag))) / 1000 };
    },
  };
  const floor: Side = {
    name: plain,
    measure: async () => ({ kB: (await stream(commands, cluster, await edited())) / 1000 }),
  };
  const sent: Figure = {
    name: "backend, a line edited: bytes to the node",
    unit: "kB",
    own: { side: loader, value: "kB" },
    floors: [[{ side: plain, value: "kB" }]],
    limit: { of: "own", is: "at most", value: 100 },
  };
  return { name: "bytes of an edit", runs: 3, quickRuns: 1, sides: [own, floor], figures: [sent] };
}
