import type { Configuration } from "../configuration/configuration.ts";
import type { Sources } from "../sources.ts";
import type { ApplicationImage } from "./applicationImage.ts";
import { buildImages } from "./buildImages.ts";
import type { ByComponent } from "./plan.ts";

/** The images under way, and what they are made of. */
export interface StartedBuilds extends Sources {
  readonly images: ByComponent<ApplicationImage>;
}

/**
 * Has the images built as soon as their files are read: an engine on this machine builds while the cluster answers. A
 * registry is sent nothing before the cluster is known to be the one that the stack means.
 *
 * @param reading - The files, from `readSources`.
 * @param connecting - The cluster, from `connectCluster`.
 * @throws Error when a file cannot be read.
 */
export async function startBuilds(
  configuration: Configuration,
  reading: Promise<Sources>,
  connecting: Promise<unknown>,
): Promise<StartedBuilds> {
  if (configuration.profile === "production") await connecting;
  const sources = await reading;
  return { ...sources, images: buildImages(sources.plans, configuration) };
}
