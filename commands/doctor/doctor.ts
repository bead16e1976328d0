import { parseArgs, styleText } from "node:util";
import type { Machine } from "../support/machine.ts";
import { type Check, type Finding, runCheck, type Status } from "./check.ts";
import { checks } from "./checks.ts";
import { type Examination, examine } from "./examination.ts";

/**
 * `npm run doctor`: looks at everything at once; 1 where something stops `npm run up`.
 *
 * @param at - How the machine is looked at; default: as it is.
 */
export async function doctor(
  args: readonly string[],
  machine: Machine,
  at: Examination = examine(machine),
): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { json: { type: "boolean", default: false } },
  });
  const findings = await findAll(at, checks);
  if (values.json) machine.log(JSON.stringify(findings, null, 2));
  else for (const line of report(findings, machine.colours)) machine.log(line);
  return findings.some(({ status }) => status === "missing") ? 1 : 0;
}

/** Runs checks, all at once. */
export function findAll(at: Examination, wanted: readonly Check[]): Promise<Finding[]> {
  return Promise.all(wanted.map((check) => runCheck(at, check)));
}

const styles = { ok: "green", warn: "yellow", missing: "red" } as const;

/** The report for people: a line for each finding, and below it, where something is to be done, why and what. */
export function report(findings: readonly Finding[], colours: boolean): string[] {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const indent = " ".repeat(width + 11);
  const mark = (status: Status): string =>
    colours ? styleText(styles[status], status.padEnd(7), { validateStream: false }) : status.padEnd(7);
  const lines = findings.flatMap(({ name, status, found, why, remedy }) => [
    `${mark(status)}  ${name.padEnd(width)}  ${found}`,
    ...(remedy === undefined ? [] : [`${indent}${why}`, ...remedy.split("\n").map((line) => `${indent}-> ${line}`)]),
  ]);
  const count = findings.filter(({ status }) => status === "missing").length;
  return [...lines, "", count === 0 ? "Nothing stops: npm run up" : `${count} missing: mend that, then: npm run up`];
}
