import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type FSWatcher, watch } from "chokidar";
import type { LocalConfiguration } from "../../components/configuration/configuration.ts";
import { imageSource, type Service, services } from "../../components/image/buildImages.ts";
import { imageTag } from "../../components/image/identity.ts";
import { parseIgnoreFile } from "../../components/image/ignoreFile.ts";
import { chartFolder, readChart } from "../../components/release/chart.ts";

/** What the files say should run. */
export interface Versions {
  /** The tag of each image. */
  readonly tags: Readonly<Record<Service, string>>;
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
  const [frontend = "", backend = ""] = await Promise.all(
    services.map((service) => imageTag(chart.appVersion, imageSource(service, chart.appVersion, configuration))),
  );
  const files = await Promise.all(programFiles(configuration.stack).map((file) => readFile(file, "utf8")));
  return { tags: { frontend, backend }, rest: [chart.contentHash, ...files].join("\n") };
}

const programFiles = (stack: string): string[] => ["Pulumi.yaml", `Pulumi.${stack}.yaml`];

/**
 * Watches every file that an image, the chart or the stack is made of, and no other.
 *
 * @param changed - Is called for each event; several belong to one edit.
 */
export async function watchSources(configuration: LocalConfiguration, changed: () => void): Promise<FSWatcher> {
  const dockerfiles = services.map((service) => imageSource(service, "", configuration).dockerfile);
  const ignoreFiles = await Promise.all(dockerfiles.map((file) => readFile(`${file}.dockerignore`, "utf8")));
  const contexts = ignoreFiles.map(parseIgnoreFile);
  const own = [...dockerfiles.flatMap((file) => [file, `${file}.dockerignore`]), ...programFiles(configuration.stack)];
  const isWatched = (path: string, isFolder: boolean): boolean =>
    path === "." ||
    own.some((file) => file === path || file.startsWith(`${path}/`)) ||
    path === "chart" ||
    path.startsWith(`${join(chartFolder)}/`) ||
    contexts.some((context) => (isFolder ? context.mayContainIncluded(path) : context.includes(path)));
  const watcher = watch(".", {
    ignoreInitial: true,
    ignored: (path, stats) => stats !== undefined && !isWatched(join(path), stats.isDirectory()),
  });
  watcher.on("all", changed);
  await new Promise<void>((resolve) => watcher.once("ready", () => resolve()));
  return watcher;
}
