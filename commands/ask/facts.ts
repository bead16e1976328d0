import { collectFacts as collectAll } from "../diagnose/collectFacts.ts";
import { diagnose } from "../diagnose/diagnose.ts";
import type { Machine } from "../support/machine.ts";

/** Collects what is known of a stack's deployment, as JSON text; whoever sends it masks it. */
export type CollectFacts = (machine: Machine, stack: string) => Promise<string>;

/** What `npm run diagnose` collects, and what it concludes. */
export const collectFacts: CollectFacts = async (machine, stack) => {
  const facts = await collectAll(machine, stack);
  return JSON.stringify({ findings: diagnose(facts), facts });
};
