import type { LoadFigures } from "./figures.ts";

/** One case of the reliability table. */
export interface LoadRecord {
  /** What was done under load, in words. */
  readonly name: string;
  readonly figures: LoadFigures;
  /** How often containers of the deployment were restarted meanwhile. */
  readonly restarts: number;
}

const columns = [
  "Case",
  "Requests",
  "Failed",
  "Wrong answers",
  "Lost writes",
  "Resent",
  "p50 ms",
  "p99 ms",
  "Restarts",
] as const;

/** A Markdown table, one case a row; numbers are aligned to the right. A write that was done twice is a wrong answer too. */
export function tableOf(records: readonly LoadRecord[]): string {
  const rule = columns.map((_, index) => (index === 0 ? "---" : "---:"));
  return [columns, rule, ...records.map(rowOf)].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

function rowOf({ name, figures, restarts }: LoadRecord): string[] {
  const { requests, failed, wrong, doubled, lost, resent, p50, p99 } = figures;
  const numbers = [requests, failed, wrong + doubled, lost, resent, p50, p99, restarts];
  return [name.replaceAll("|", "\\|"), ...numbers.map((number) => Math.round(number).toLocaleString("en-GB"))];
}
