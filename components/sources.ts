import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "./configuration/configuration.ts";
import { type ImagePlans, planImages } from "./image/plan.ts";
import { type Chart, readChart } from "./release/chart.ts";

/** What the program finds on disk. */
export interface Sources {
  readonly chart: Chart;
  readonly plans: ImagePlans;
}

/**
 * Reads the chart and the files of each image. Nothing of it needs the cluster, so both are asked at once.
 *
 * @throws ApplicationError where an own application cannot be built, Error when a file cannot be read.
 */
export function readSources(configuration: Configuration): Promise<Sources> {
  const reading = read(configuration);
  // It is begun before it is waited for; a failure is told there, and not where the program does something else.
  reading.catch(() => undefined);
  return reading;
}

async function read(configuration: Configuration): Promise<Sources> {
  const chart = await readChart(configuration.profile);
  const plans = await planImages(chart.appVersion, configuration);
  for (const [component, { found }] of Object.entries(plans)) {
    for (const note of found?.notes ?? []) void pulumi.log.info(`${component}: ${note}`);
  }
  return { chart, plans };
}
