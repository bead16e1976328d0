import type { ClusterApi } from "../../components/cluster/api.ts";
import type { StackSettings } from "../deploy/settings.ts";
import { collectFacts as collectAll } from "../diagnose/collectFacts.ts";
import { diagnose } from "../diagnose/diagnose.ts";
import type { Machine } from "../support/machine.ts";

/** The deployment that is asked about. */
export interface Asked {
  readonly machine: Machine;
  /** As it is deployed, in the sandbox too. */
  readonly settings: StackSettings;
  readonly api: ClusterApi;
}

/** Collects what is known of a deployment, as JSON text; whoever sends it masks it. */
export type CollectFacts = (asked: Asked) => Promise<string>;

/** What `npm run diagnose` collects, and what it concludes. */
export const collectFacts: CollectFacts = async ({ machine, settings }) => {
  const facts = await collectAll(machine, settings.stack);
  return JSON.stringify({ findings: diagnose(facts), facts });
};
