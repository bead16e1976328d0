import type { Configuration } from "./configuration/configuration.ts";
import { type NamedSource, readImageSources, type Service } from "./image/buildImages.ts";
import { type Chart, readChart } from "./release/chart.ts";

/** What the program finds in its own folder. */
export interface Sources {
  readonly chart: Chart;
  readonly images: Readonly<Record<Service, NamedSource>>;
}

/**
 * Reads the chart and the files of each image. Nothing of it needs the cluster, so both are asked at once.
 *
 * @throws Error when a file cannot be read.
 */
export async function readSources(configuration: Configuration): Promise<Sources> {
  const chart = await readChart(configuration.profile);
  return { chart, images: await readImageSources(chart.appVersion, configuration) };
}
