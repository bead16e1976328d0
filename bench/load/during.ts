import { setTimeout as sleep } from "node:timers/promises";
import type { LoadFigures } from "./figures.ts";
import type { Load } from "./load.ts";

/** Load before an event, and after it, in milliseconds. */
const [leadMs, trailMs] = [3_000, 3_000];

/** How long before its end a load is prolonged, in milliseconds: its pod and its virtual users are made first, on a busy machine. */
const aheadMs = 15_000;

/** What happened under load. */
export interface Happened {
  readonly figures: LoadFigures;
  /** How long the event took. */
  readonly seconds: number;
}

/**
 * Makes something happen under load, and ends the load. An event that takes longer than thought prolongs it: how long an update
 * takes is the machine's affair, and that it was under load from beginning to end is what the figures are about.
 *
 * @throws Error where the event fails, or a part of it was not under load: then it proves nothing.
 */
export async function during(load: Load, event: () => Promise<unknown>): Promise<Happened> {
  await sleep(leadMs);
  const since = performance.now();
  const happening = event();
  try {
    await keepUp(load, happening);
  } finally {
    // Whatever the load does, an event that was begun is not left under way.
    await Promise.allSettled([happening]);
  }
  const seconds = (performance.now() - since) / 1_000;
  await sleep(trailMs);
  if (Date.now() > load.endsAt()) throw new Error(`what happened took ${seconds.toFixed(1)} s, longer than its load`);
  return { figures: await load.finish(), seconds };
}

/**
 * Prolongs a load for as long as something happens.
 *
 * @throws Error where what happens fails, or the load cannot be prolonged.
 */
export async function keepUp(load: Pick<Load, "endsAt" | "prolong">, happening: Promise<unknown>): Promise<void> {
  const over = happening.then(() => true);
  // Once there was a time without load, more of it proves nothing.
  while (Date.now() <= load.endsAt()) {
    const late = sleep(Math.max(0, load.endsAt() - aheadMs - Date.now()), false, { ref: false });
    if (await Promise.race([over, late])) return;
    await load.prolong();
  }
  await over;
}
