import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ChartValues, Configuration } from "../configuration/configuration.ts";
import { folderHash } from "../image/identity.ts";
import { parseYaml } from "../yaml.ts";

/** The chart's folder, relative: an absolute path would be stored as an input and differ between machines. */
export const chartFolder = "./chart";

/** A chart on disk. */
export interface Chart {
  /** The application's version, `appVersion` of `Chart.yaml`. */
  readonly appVersion: string;
  /** A hash over the whole folder: an edited template is a change that the release's other inputs do not show. */
  readonly contentHash: string;
  /** The values file of the profile. */
  readonly profileValues: ChartValues;
  /** The database image of `values.yaml`, `repository:tag`. */
  readonly databaseImage: string;
}

interface ChartDefaults {
  readonly database: { readonly image: { readonly repository: string; readonly tag: string } };
}

/**
 * Reads what the program needs of the chart.
 *
 * @throws Error when `Chart.yaml` or a values file cannot be read.
 */
export async function readChart(profile: Configuration["profile"], folder: string = chartFolder): Promise<Chart> {
  const [metadata, defaults, profileValues, contentHash] = await Promise.all([
    readYaml<{ appVersion: string }>(join(folder, "Chart.yaml")),
    readYaml<ChartDefaults>(join(folder, "values.yaml")),
    readYaml<ChartValues | null>(join(folder, `values-${profile}.yaml`)),
    folderHash(folder),
  ]);
  const { repository, tag } = defaults.database.image;
  return {
    appVersion: metadata.appVersion,
    contentHash,
    // A file of comments alone is a profile that changes nothing.
    profileValues: profileValues ?? {},
    databaseImage: `${repository}:${tag}`,
  };
}

async function readYaml<T>(path: string): Promise<T> {
  try {
    return parseYaml(await readFile(path, "utf8")) as T;
  } catch (error) {
    throw new Error(`${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
