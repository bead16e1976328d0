import type { Experiment, Figure, Limit, Measured, Term, Unit } from "./experiment.ts";
import { type Statistics, statisticsOf } from "./statistics.ts";

/** One figure, measured. */
export interface Row {
  readonly group: string;
  readonly name: string;
  readonly unit: Unit;
  /** Absent where it could not be measured; `verdict` says why. */
  readonly own?: Statistics;
  readonly floor?: Statistics;
  /** What the floor was: the names of its sides. */
  readonly floorName?: string;
  /** Own median by the floor's. */
  readonly ratio?: number;
  readonly limit?: Limit;
  /** `ok`, `over` or `under` the limit, empty without one, or `skipped: <why>`, `failed: <why>`. */
  readonly verdict: string;
}

/** The rows of an experiment. */
export function rowsOf(group: string, { figures }: Experiment, measured: Measured): Row[] {
  return figures.map((figure) => rowOf(group, figure, measured));
}

/** A row without figures, for what did not come to be measured. */
export function emptyRow(group: string, name: string, verdict: string): Row {
  return { group, name, unit: "s", verdict: firstLine(verdict) };
}

function rowOf(group: string, figure: Figure, measured: Measured): Row {
  const { name, unit, limit } = figure;
  const row = { group, name, unit, ...(limit === undefined ? {} : { limit }) };
  const own = sumOf([figure.own], measured);
  if (typeof own === "string") return { ...row, verdict: firstLine(own) };
  if (figure.floors === undefined) return { ...row, own, verdict: verdictOf(limit, own.median, undefined) };
  const floors = figure.floors.map((terms) => ({ name: nameOf(terms), floor: sumOf(terms, measured) }));
  const found = floors.find(({ floor }) => typeof floor !== "string");
  if (found === undefined || typeof found.floor === "string") return { ...row, own, verdict: whyNone(floors) };
  const { floor, name: floorName } = found;
  const ratio = own.median / floor.median;
  return { ...row, own, floor, floorName, ratio, verdict: verdictOf(limit, own.median, ratio) };
}

/** A floor that broke is worse than one that cannot be had here. */
function whyNone(floors: readonly { readonly name: string; readonly floor: Statistics | string }[]): string {
  const reasons = floors.map(({ floor }) => floor).filter((floor) => typeof floor === "string");
  const [kind = "failed", ...why] = (reasons.find((reason) => reason.startsWith("failed")) ?? reasons[0] ?? "").split(
    ": ",
  );
  return firstLine(`${kind}: its floor: ${why.join(": ")}`);
}

/** The sum of terms run by run, or why one of them is missing. */
function sumOf(terms: readonly Term[], { readings, missing }: Measured): Statistics | string {
  const lacking = terms.find(({ side }) => !readings.has(side));
  if (lacking !== undefined) return missing.get(lacking.side) ?? `failed: "${lacking.side}" was not measured`;
  const values = terms.map(({ side, value, times = 1 }) =>
    (readings.get(side) ?? []).map((reading) => (reading[value] ?? Number.NaN) * times),
  );
  const runs = (values[0] ?? []).map((_, run) => values.reduce((sum, all) => sum + (all[run] ?? Number.NaN), 0));
  return statisticsOf(runs);
}

function verdictOf(limit: Limit | undefined, own: number, ratio: number | undefined): string {
  if (limit === undefined) return "";
  const value = limit.of === "own" ? own : ratio;
  if (value === undefined || Number.isNaN(value)) return "failed: its limit is a ratio, and there is none";
  const fits = limit.is === "at most" ? value <= limit.value : value >= limit.value;
  if (fits) return "ok";
  return limit.is === "at most" ? "over" : "under";
}

function nameOf(terms: readonly Term[]): string {
  return terms.map(({ side, times }) => (times === undefined ? side : `${times} x ${side}`)).join(" + ");
}

const firstLine = (text: string): string => text.trim().split("\n")[0] ?? "";
