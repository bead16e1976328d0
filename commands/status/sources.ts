import { readLocalConfiguration } from "../dev/configuration.ts";
import { readVersions } from "../dev/sources.ts";
import type { Machine } from "../support/machine.ts";

/** The tags that the sources of a local stack ask for, as the program would name its images. */
export async function readTags(machine: Machine, stack: string): Promise<Readonly<Record<string, string>>> {
  const { tags } = await readVersions(await readLocalConfiguration(machine, stack));
  return tags;
}
