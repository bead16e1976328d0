import { randomUUID } from "node:crypto";
import { type Complete, doubledWrites, type LoadFigures, lostWrites, mergeFigures } from "./figures.ts";
import { readBack } from "./readBack.ts";
import { type LoadSettings, type Round, startRound } from "./round.ts";

/** How long a load is sent each time that it is prolonged, in seconds: what happens under it is mostly nearly over. */
const furtherSeconds = 24;

/** A load that runs. */
export interface Load {
  /** Until when all sides send requests without a pause, in milliseconds since 1970: what ends later was not wholly under load. */
  readonly endsAt: () => number;
  /**
   * Has the same load sent once more, from now on and for a while; both run until the first one ends.
   *
   * @throws Error where it does not begin.
   */
  readonly prolong: () => Promise<void>;
  /**
   * Waits for the load's end, reads every confirmed write back, and removes what was made for the load.
   *
   * @throws Error where a side gave no figures, or the API does not answer for a minute at the end.
   */
  readonly finish: () => Promise<LoadFigures>;
  /** Ends the load at once, without figures; after `finish` it does nothing. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts the load and comes back when each side has had its first answers: what happens next happens under load. One load at a
 * time.
 *
 * @throws Error where it does not begin; nothing is left behind.
 */
export async function startLoad(settings: LoadSettings): Promise<Load> {
  const run = randomUUID();
  const rounds: Round[] = [];
  let endsAt = Number.POSITIVE_INFINITY;
  const begin = async (seconds: number) => {
    const round = await startRound({ ...settings, seconds }, run, rounds.length);
    // One that began after the end of those before it has left a gap.
    if (round.beganAt <= endsAt) endsAt = round.endsAt;
    rounds.push(round);
  };
  const stop = async () => {
    await Promise.all(rounds.splice(0).map((round) => round.stop()));
  };
  const finish = async () => {
    try {
      const ends = await Promise.all(rounds.map((round) => round.untilEnded()));
      return await settle(settings.url, run, ends.flat());
    } finally {
      await stop();
    }
  };
  await begin(settings.seconds);
  return { endsAt: () => endsAt, prolong: () => begin(furtherSeconds), finish, stop };
}

async function settle(url: string, run: string, generators: readonly Complete[]): Promise<LoadFigures> {
  const stored = await readBack(url, run);
  const confirmed = generators.flatMap(({ wrote }) => wrote);
  return mergeFigures(generators, { lost: lostWrites(confirmed, stored), doubled: doubledWrites(stored) });
}
