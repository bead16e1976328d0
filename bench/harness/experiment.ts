/** What one run of a side came to: values by name. */
export type Reading = Readonly<Record<string, number>>;

/** One way of doing the thing that is measured: ours, or a floor. */
export interface Side {
  /** As the table and the progress call it: `npm run up`, `plain commands`. */
  readonly name: string;
  /** Does it once. What only prepares the measurement is left out of the reading. */
  readonly measure: () => Promise<Reading>;
  /** Why it cannot be measured on this machine; absent where it can. */
  readonly skipped?: string;
}

/** A value of a side's readings, as often as it counts. */
export interface Term {
  readonly side: string;
  readonly value: string;
  /** Default 1. */
  readonly times?: number;
}

/** What a figure is measured in. */
export type Unit = "s" | "ms" | "us" | "MB" | "kB" | "MiB" | "1/s";

/** What a figure may be: of our own median, or of our own median divided by the floor's. */
export interface Limit {
  readonly of: "own" | "ratio";
  readonly is: "at most" | "at least";
  readonly value: number;
}

/** One line of the table. */
export interface Figure {
  readonly name: string;
  readonly unit: Unit;
  readonly own: Term;
  /** Alternatives, the first one that was measured counts; the terms of one are added up. */
  readonly floors?: readonly (readonly Term[])[];
  readonly limit?: Limit;
}

/** What is measured together, side by side, so that a noisy machine does the same to each. */
export interface Experiment {
  readonly name: string;
  /** How often each side is measured, and how often with `--quick`. */
  readonly runs: number;
  readonly quickRuns: number;
  /** Whether each side is done once before, uncounted: caches are warm then. Default true. */
  readonly warmUp?: boolean;
  readonly sides: readonly Side[];
  readonly figures: readonly Figure[];
  /** Ends what the sides left running. */
  readonly close?: () => Promise<void>;
}

/** What the sides of one experiment came to. */
export interface Measured {
  /** The readings of each side that was measured to the end. */
  readonly readings: ReadonlyMap<string, readonly Reading[]>;
  /** Why each other side has none: `skipped: ...` or `failed: ...`. */
  readonly missing: ReadonlyMap<string, string>;
}

/** How often each side is done. */
export interface Rounds {
  readonly runs: number;
  /** Once before, uncounted. */
  readonly warmUp: boolean;
}

/** How an experiment tells what it does. */
export type Tell = (line: string) => void;

/**
 * Measures the sides in turns: forwards, backwards, forwards ... (own, floor, floor, own, ...), so that whatever the machine
 * does meanwhile, and whatever one side leaves warm for the next, meets all of them. A side that fails is left out from then
 * on; the others go on.
 */
export async function measure(experiment: Experiment, { runs, warmUp }: Rounds, tell: Tell): Promise<Measured> {
  const readings = new Map<string, Reading[]>();
  const missing = new Map<string, string>();
  for (const { name, skipped } of experiment.sides) if (skipped !== undefined) missing.set(name, `skipped: ${skipped}`);
  for (let round = warmUp ? 0 : 1; round <= runs; round++) {
    for (const side of orderOf(experiment.sides, round)) {
      if (missing.has(side.name)) continue;
      try {
        const reading = await side.measure();
        tell(`${round === 0 ? "warm-up" : `run ${round} of ${runs}`}, ${side.name}: ${describe(reading)}`);
        if (round > 0) readings.set(side.name, [...(readings.get(side.name) ?? []), reading]);
      } catch (error) {
        tell(`${side.name} failed: ${messageOf(error)}`);
        missing.set(side.name, `failed: ${messageOf(error)}`);
        readings.delete(side.name);
      }
    }
  }
  return { readings, missing };
}

function orderOf(sides: readonly Side[], round: number): readonly Side[] {
  return round % 2 === 0 ? sides.toReversed() : sides;
}

function describe(reading: Reading): string {
  return Object.entries(reading)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`)
    .join(", ");
}

/** All of it: of a failed command the last lines tell why. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
