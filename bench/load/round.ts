import type { Complete } from "./figures.ts";
import { type Generator, type LoadPlan, untilEnded, untilRunning } from "./generator.ts";
import { type LoadCluster, startInside } from "./inside.ts";
import { startOutside } from "./outside.ts";

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

/** The generators of all sides, which began together. */
export interface Round {
  /** When the last side had its first answers, in milliseconds since 1970. */
  readonly beganAt: number;
  /** When the first side sends its last request, in milliseconds since 1970. */
  readonly endsAt: number;
  /**
   * Waits until all of them have ended by themselves.
   *
   * @throws Error where a side gave no figures.
   */
  readonly untilEnded: () => Promise<Complete[]>;
  /** Ends them, if need be, and removes what was made for them. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts one generator on each side and comes back when all have had their first answers. They begin together, give or take a
 * second or two: a pod takes longer to start.
 *
 * @param run - In the title of each todo.
 * @param number - Of this round, from 0; rounds may overlap.
 * @throws Error where one does not begin; nothing is left behind.
 */
export async function startRound(settings: LoadSettings, run: string, number: number): Promise<Round> {
  const { url, rate, seconds, k6, inside } = settings;
  // Each side's titles are its own.
  const planOf = (side: string): LoadPlan => ({ rate, seconds, run: `${run}-${number}-${side}` });
  const generators: Generator[] = [];
  const stop = async () => {
    await Promise.all(generators.map((generator) => generator.stop()));
  };
  try {
    if (inside !== undefined) generators.push(await startInside(inside, planOf("inside"), number));
    if (k6 !== undefined) generators.push(startOutside(k6, url, planOf("outside")));
    const begun = await settled(generators.map(async (each) => ({ each, at: await untilRunning(each) })));
    const times = begun.map(({ at }) => at);
    return {
      beganAt: Math.max(...times),
      endsAt: Math.min(...times) + seconds * 1000,
      untilEnded: () => Promise.all(begun.map(({ each, at }) => untilEnded(each, at + seconds * 1000))),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** All results; a failure is told when nothing is under way any more. */
async function settled<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(promises);
  return results.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
}
