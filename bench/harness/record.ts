import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Row } from "./row.ts";
import { markdownTables } from "./table.ts";

/** What one run of the benchmark leaves. */
export interface BenchRecord {
  /** The machine and what deployed, in a line. */
  readonly setting: string;
  readonly rows: readonly Row[];
}

/** Keeps a record as JSON, readable in a diff: one row a line. */
export async function keepRecord(file: string, { setting, rows }: BenchRecord): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const lines = rows.map((row) => `    ${JSON.stringify(rounded(row))}`).join(",\n");
  await writeFile(file, `{\n  "setting": ${JSON.stringify(setting)},\n  "rows": [\n${lines}\n  ]\n}\n`);
}

/** Reads a record. */
export async function readRecord(file: string): Promise<BenchRecord> {
  return JSON.parse(await readFile(file, "utf8")) as BenchRecord;
}

/** What stands on the page between its markers. */
export function figuresOfPage({ setting, rows }: BenchRecord): string {
  return `${setting}\n\n${markdownTables(rows)}`;
}

/** Five digits are more than any run is sure of. */
function rounded(row: Row): unknown {
  return JSON.parse(
    JSON.stringify(row, (_, value: unknown) => (typeof value === "number" ? Number(value.toPrecision(5)) : value)),
  );
}
