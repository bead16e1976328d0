import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { type FSWatcher, watch } from "chokidar";
import { ignoreRules } from "../../components/application/folder.ts";
import { ownDockerfile } from "../../components/application/prepare.ts";
import type { LocalConfiguration } from "../../components/configuration/configuration.ts";
import { readIgnoreFile } from "../../components/image/identity.ts";
import { parseIgnoreFile } from "../../components/image/ignoreFile.ts";
import { type ImagePlans, ownParts, planImages } from "../../components/image/plan.ts";
import { services, shippedSource } from "../../components/image/shipped.ts";
import { chartFolder, readChart } from "../../components/release/chart.ts";

/** What the files say should run. */
export interface Versions {
  /** What each image is made of. */
  readonly plans: ImagePlans;
  /** The tag of each image, by component. */
  readonly tags: Readonly<Record<string, string>>;
  /** A text that differs where anything else than an image must be deployed: the chart, the stack's configuration. */
  readonly rest: string;
}

/**
 * Reads what should run, by the same functions as the program.
 *
 * @throws Error where the chart or a Dockerfile cannot be read.
 */
export async function readVersions(configuration: LocalConfiguration): Promise<Versions> {
  const chart = await readChart("local");
  const plans = await planImages(chart.appVersion, configuration);
  const files = await Promise.all(programFiles(configuration.stack).map((file) => readFile(file, "utf8")));
  const values = Object.values(plans).map((plan) => JSON.stringify(plan.values));
  return {
    plans,
    tags: Object.fromEntries(Object.entries(plans).map(([component, { tag }]) => [component, tag])),
    rest: [chart.contentHash, ...values, ...files].join("\n"),
  };
}

const programFiles = (stack: string): string[] => ["Pulumi.yaml", `Pulumi.${stack}.yaml`];

/** A folder, and what of it counts; paths are relative to it. */
interface Tree {
  readonly folder: string;
  includes(path: string): boolean;
  /** Whether a folder can hold what counts. */
  mayContain(path: string): boolean;
}

/**
 * Watches every file that an image, the chart or the stack is made of, and no other.
 *
 * @param changed - Is called for each event; several belong to one edit.
 */
export async function watchSources(configuration: LocalConfiguration, changed: () => void): Promise<FSWatcher> {
  const trees = [await shippedTree(configuration), ...(await Promise.all(ownParts(configuration).map(ownTree)))];
  const isWatched = (path: string, isFolder: boolean): boolean =>
    trees.some((tree) => {
      const below = relative(tree.folder, path);
      if (below === "" || below.startsWith("..")) return below === "";
      return isFolder ? tree.mayContain(below) : tree.includes(below);
    });
  const watcher = watch(
    trees.map(({ folder }) => folder),
    {
      ignoreInitial: true,
      ignored: (path, stats) => stats !== undefined && !isWatched(path, stats.isDirectory()),
    },
  );
  watcher.on("all", changed);
  await new Promise<void>((resolve) => watcher.once("ready", () => resolve()));
  return watcher;
}

/** This project itself: the images of the shipped application, the chart, the stack's files. */
async function shippedTree(configuration: LocalConfiguration): Promise<Tree> {
  const shipped = services.filter((service) => configuration[service].application === undefined);
  const sources = shipped.map((service) => shippedSource(service, configuration));
  const contexts = (await Promise.all(sources.map(readIgnoreFile))).map(parseIgnoreFile);
  const dockerfiles = sources.flatMap(({ dockerfile }) => [dockerfile, `${dockerfile}.dockerignore`]);
  const own = [...dockerfiles, ...programFiles(configuration.stack)];
  const chart = join(chartFolder);
  return {
    folder: ".",
    includes: (path) =>
      own.includes(path) || path.startsWith(`${chart}/`) || contexts.some((context) => context.includes(path)),
    mayContain: (path) =>
      path === chart ||
      path.startsWith(`${chart}/`) ||
      own.some((file) => file.startsWith(`${path}/`)) ||
      contexts.some((context) => context.mayContainIncluded(path)),
  };
}

async function ownTree(part: ReturnType<typeof ownParts>[number]): Promise<Tree> {
  const { path } = part.settings;
  const found = await ownDockerfile(part);
  const context = parseIgnoreFile(await ignoreRules(path, found?.dockerfile));
  const own = found === undefined ? [] : [found.dockerfile];
  return {
    folder: path,
    includes: (file) => own.includes(file) || file.endsWith(".dockerignore") || context.includes(file),
    mayContain: (folder) => own.some((file) => file.startsWith(`${folder}/`)) || context.mayContainIncluded(folder),
  };
}
