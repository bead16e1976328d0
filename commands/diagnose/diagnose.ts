import type { Facts } from "./facts.ts";
import { type Finding, type Part, type PartRule, partsOf, type Rule } from "./rule.ts";
import { creationRules } from "./rules/creation.ts";
import { machineRules } from "./rules/machine.ts";
import { namespaceRules } from "./rules/namespace.ts";
import { reachRules, serviceRules } from "./rules/network.ts";
import { lastPartRules, pageRules } from "./rules/page.ts";
import { livenessRules, readinessRules } from "./rules/probes.ts";
import { crashRules, runRules } from "./rules/run.ts";
import { schedulingRules } from "./rules/scheduling.ts";
import { startRules } from "./rules/start.ts";

/** What stands below everything else comes first: whatever it does not carry is its consequence. */
const firstRules: readonly Rule[] = [...machineRules, ...namespaceRules];

/** In the order in which a pod comes to serve; the first that fits a pod is its cause, the later ones its consequences. */
const partRules: readonly PartRule[] = [
  ...creationRules,
  ...schedulingRules,
  ...startRules,
  ...runRules,
  ...livenessRules,
  ...reachRules,
  ...crashRules,
  ...readinessRules,
  ...serviceRules,
];

/** The names of all causes, in the order in which they are looked for. */
export const causes: readonly string[] = [...firstRules, ...partRules, ...lastPartRules, ...pageRules].map(
  ({ code }) => code,
);

/**
 * Concludes what is wrong. Pure: the same facts give the same findings.
 *
 * @returns The findings, the likely cause first: what is below before what stands on it - machine, cluster, namespace, then
 * database, backend and frontend, and the page at last - so that consequences follow their cause. Empty where nothing is
 * wrong that the facts show.
 */
export function diagnose(facts: Facts): Finding[] {
  const { objects } = facts;
  const first = firstRules.flatMap(({ code, find }) => find(facts).map((said) => ({ code, ...said })));
  const parts = objects === undefined ? [] : partsOf(facts, objects).flatMap(findingsOf);
  const last = pageRules.flatMap(({ code, find }) => find(facts).map((said) => ({ code, ...said })));
  return onePerThing([...first, ...parts, ...last]);
}

function findingsOf(part: Part): Finding[] {
  const apply = (rules: readonly PartRule[]): Finding[] =>
    rules.flatMap(({ code, find }) => find(part).map((said) => ({ code, ...said })));
  const found = apply(partRules);
  return found.length > 0 ? found : apply(lastPartRules);
}

/** Of one pod the first finding is told, and of one cause with the same words in several pods one. */
function onePerThing(findings: readonly Finding[]): Finding[] {
  const things = new Set<string>();
  const sentences = new Set<string>();
  return findings.filter(({ about, code, title }) => {
    const known = things.has(about) || sentences.has(`${code} ${title}`);
    things.add(about);
    sentences.add(`${code} ${title}`);
    return !known;
  });
}
