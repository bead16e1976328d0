import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { type LoadRecord, tableOf } from "../load/table.ts";

/** What a fault without load was measured to cost. */
export interface FaultRecord {
  readonly name: string;
  /** What was measured, in words. */
  readonly what: string;
  /** Seconds. */
  readonly measured: number;
  /** What it may be at the most, in seconds. */
  readonly bound: number;
}

/** One line of the suites' report. */
type Line = { readonly load: LoadRecord } | { readonly fault: FaultRecord };

/** The variable that names the report; without it the suites keep none. */
export const recordsVariable = "RELIABILITY_RECORDS";

/** Notes a case that ran under load. */
export function noteLoad(load: LoadRecord): void {
  note({ load });
}

/** Notes what a fault was measured to cost. */
export function noteFault(fault: FaultRecord): void {
  note({ fault });
}

function note(line: Line): void {
  const file = process.env[recordsVariable];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(line)}\n`);
}

/** The two Markdown tables of a report, or what there is of them after an interruption. */
export function tablesOf(file: string): string {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const lines = text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
  const loads = lines.flatMap((line) => ("load" in line ? [line.load] : []));
  const faults = lines.flatMap((line) => ("fault" in line ? [line.fault] : []));
  return `${tableOf(loads)}\n${faultTable(faults)}`;
}

function faultTable(faults: readonly FaultRecord[]): string {
  const rows = faults.map(({ name, what, measured, bound }) => {
    return `| ${name} | ${what} | ${measured.toFixed(2)} | ${bound} |\n`;
  });
  return `| Fault | Measured | Seconds | At most |\n| --- | --- | ---: | ---: |\n${rows.join("")}`;
}
