/** What the runs of one measurement came to, in the measurement's own unit. */
export interface Statistics {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  /** Every run, in its order. */
  readonly runs: readonly number[];
}

/**
 * The middle of the runs and how far they lie apart.
 *
 * @throws Error where there is no run, or one that is no number: a figure must not be made of nothing.
 */
export function statisticsOf(runs: readonly number[]): Statistics {
  const sorted = [...runs].sort((one, other) => one - other);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) throw new Error("nothing was measured");
  if (!runs.every(Number.isFinite)) throw new Error(`measured ${runs.join(", ")}, and not each is a number`);
  return { median: median(sorted), least, most, runs };
}

/** Of an even number of runs, the mean of the two in the middle. */
function median(sorted: readonly number[]): number {
  const middle = sorted.length / 2;
  const [low = 0, high = low] = sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1);
  return (low + high) / 2;
}
