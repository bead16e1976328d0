import type { Facts } from "./facts.ts";
import type { Finding } from "./rule.ts";

/** How many further findings are told in full; the rest in a line each. */
const toldInFull = 2;

/** The findings for a person: the likely cause with its evidence and the next command, then the others. */
export function tell(facts: Facts, findings: readonly Finding[]): string[] {
  const [first, ...others] = findings;
  const unread = facts.unread.length === 0 ? [] : ["", "Not seen:", ...facts.unread.map((one) => `  ${one}`)];
  if (first === undefined)
    return ["Nothing is wrong that can be seen from here.", ...unread, facts.page.url].filter(Boolean);
  const head = [`Likely cause: ${first.title}  [${first.code}]`, ...details(first, "")];
  const further =
    others.length === 0 ? [] : ["", "Also found, which may follow from it:", ...others.flatMap(tellFurther)];
  return [...head, ...further, ...unread];
}

function tellFurther(finding: Finding, index: number): string[] {
  const title = `  - ${finding.title}  [${finding.code}]`;
  return index < toldInFull ? [title, ...details(finding, "    ")] : [title];
}

function details({ evidence, next, advice }: Finding, margin: string): string[] {
  return [
    ...evidence.map((line) => `${margin}  ${line}`),
    `${margin}  Next: ${next}`,
    ...(advice === undefined ? [] : [`${margin}  ${advice}`]),
  ];
}
