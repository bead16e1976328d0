import type { Limit, Unit } from "./experiment.ts";
import type { Row } from "./row.ts";
import type { Statistics } from "./statistics.ts";

const columns = ["Figure", "Own", "Floor", "Ratio", "Limit", ""] as const;

/** Which of the columns hold numbers. */
const numeric = [1, 2, 3];

/** The table for a terminal, a heading a group; what a floor consists of stands in the notes of the page. */
export function textTable(rows: readonly Row[]): string {
  const cells = [[...columns], ...rows.map(cellsOf)];
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        numeric.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return [
    line(columns),
    ...[...Map.groupBy(rows, ({ group }) => group)].flatMap(([group, all]) => [
      "",
      group,
      ...all.map((row) => line(cellsOf(row))),
    ]),
  ].join("\n");
}

/** The same as Markdown, one table a group. */
export function markdownTables(rows: readonly Row[]): string {
  const heads = ["Figure", "Own (least to most)", "Floor (least to most)", "Ratio", "Limit", ""];
  const rule = heads.map((_, column) => (numeric.includes(column) ? "---:" : "---"));
  return [...Map.groupBy(rows, ({ group }) => group)]
    .map(([group, all]) => {
      const lines = [heads, rule, ...all.map((row) => withSpread(row))];
      return `### ${group}\n\n${lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`).join("")}`;
    })
    .join("\n");
}

function cellsOf({ name, unit, own, floor, ratio, limit, verdict }: Row): string[] {
  return [name, amount(own?.median, unit), amount(floor?.median, unit), ratioOf(ratio), limitOf(limit, unit), verdict];
}

function withSpread(row: Row): string[] {
  const { unit, own, floor, floorName } = row;
  const [name = "", , , ratio = "", limit = "", verdict = ""] = cellsOf(row);
  const named = floorName === undefined ? name : `${name} (floor: ${floorName})`;
  return [
    named,
    spread(own, unit),
    spread(floor, unit),
    ratio,
    limit,
    /^(over|under)$/.test(verdict) ? `**${verdict}**` : verdict,
  ];
}

function spread(statistics: Statistics | undefined, unit: Unit): string {
  if (statistics === undefined) return "";
  const { median, least, most } = statistics;
  if (least === most) return amount(median, unit);
  return `${amount(median, unit)} (${digits(least)} to ${digits(most)})`;
}

function amount(value: number | undefined, unit: Unit): string {
  return value === undefined ? "" : `${digits(value)} ${unit}`;
}

function ratioOf(ratio: number | undefined): string {
  return ratio === undefined ? "" : ratio.toFixed(2);
}

function limitOf(limit: Limit | undefined, unit: Unit): string {
  if (limit === undefined) return "";
  return `${limit.is} ${limit.value.toLocaleString("en-GB")} ${limit.of === "own" ? unit : "x floor"}`;
}

/** Three digits that say something; large numbers whole. */
function digits(value: number): string {
  if (value === 0 || Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-GB");
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}
