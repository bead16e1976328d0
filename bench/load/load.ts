import { randomUUID } from "node:crypto";
import { type Complete, doubledWrites, type LoadFigures, lostWrites, mergeFigures } from "./figures.ts";
import { type Generator, type LoadPlan, untilEnded, untilRunning } from "./generator.ts";
import { type LoadCluster, startInside } from "./inside.ts";
import { startOutside } from "./outside.ts";
import { readBack } from "./readBack.ts";

/** How much load from where. */
export interface LoadSettings {
  /** The page's address, as this machine reaches it; the writes are read back through it too. */
  readonly url: string;
  /** Requests a second from each side. */
  readonly rate: number;
  /** How long requests are sent, from each side. */
  readonly seconds: number;
  /** Load from this machine, by the k6 at this path; absent: none. */
  readonly k6?: string;
  /** Load from a pod; absent: none. */
  readonly inside?: LoadCluster;
}

/** A load that runs. */
export interface Load {
  /** Whether all sides still send requests: an event that ends later was not wholly under load. */
  readonly isRunning: () => boolean;
  /**
   * Waits for the end of the fixed duration, reads every confirmed write back, and removes what was made for the load.
   *
   * @throws Error where a side gave no figures, or the API does not answer for a minute at the end.
   */
  readonly finish: () => Promise<LoadFigures>;
  /** Ends the load at once, without figures; after `finish` it does nothing. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts the load and comes back when each side has had its first answers: what happens next happens under load. The sides
 * begin together, give or take a second or two: a pod takes longer to start. One load at a time.
 *
 * @throws Error where it does not begin; nothing is left behind.
 */
export async function startLoad(settings: LoadSettings): Promise<Load> {
  const { url, rate, seconds, k6, inside } = settings;
  const run = randomUUID();
  // Each side's titles are its own.
  const planOf = (side: string): LoadPlan => ({ rate, seconds, run: `${run}-${side}` });
  const sides: { readonly generator: Generator; readonly endsAt: number }[] = [];
  const begin = async (generator: Generator) => {
    const side = { generator, endsAt: Number.POSITIVE_INFINITY };
    sides.push(side);
    side.endsAt = (await untilRunning(generator)) + seconds * 1000;
  };
  const stop = async () => {
    await Promise.all(sides.splice(0).map(({ generator }) => generator.stop()));
  };
  try {
    const generators: Generator[] = [];
    if (inside !== undefined) generators.push(await startInside(inside, planOf("inside")));
    if (k6 !== undefined) generators.push(startOutside(k6, url, planOf("outside")));
    const begun = await Promise.allSettled(generators.map(begin));
    for (const result of begun) if (result.status === "rejected") throw result.reason;
  } catch (error) {
    await stop();
    throw error;
  }
  const finish = async () => {
    try {
      const ends = sides.map(({ generator, endsAt }) => untilEnded(generator, endsAt));
      return await settle(url, run, await Promise.all(ends));
    } finally {
      await stop();
    }
  };
  return { isRunning: () => sides.length > 0 && sides.every(({ endsAt }) => Date.now() < endsAt), finish, stop };
}

async function settle(url: string, run: string, generators: readonly Complete[]): Promise<LoadFigures> {
  const stored = await readBack(url, run);
  const confirmed = generators.flatMap(({ wrote }) => wrote);
  return mergeFigures(generators, { lost: lostWrites(confirmed, stored), doubled: doubledWrites(stored) });
}
