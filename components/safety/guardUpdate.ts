import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../configuration/configuration.ts";
import { objectionsTo, ProductionRefusedError } from "./guardProduction.ts";

/**
 * Lets an update through unless it is one of production that a person would not want; a preview only warns of it.
 *
 * @throws ProductionRefusedError with what speaks against the update, and how to allow it.
 */
export async function guardUpdate(configuration: Configuration): Promise<void> {
  if (configuration.profile === "local") return;
  const objections = await objectionsTo(configuration, process.cwd());
  if (objections.length === 0) return;
  if (!pulumi.runtime.isDryRun()) throw new ProductionRefusedError(configuration.stack, objections);
  for (const { message } of objections) pulumi.log.warn(`An update would be refused: ${message}`);
}
