import { during } from "../../../bench/load/during.ts";
import type { LoadFigures } from "../../../bench/load/figures.ts";
import { startLoad } from "../../../bench/load/load.ts";
import { targetOf } from "../../reliability/support/processes.ts";
import type { EngineStack } from "./stack.ts";

/** What a change costs that drops nothing. */
export const nothingDropped = { failed: 0, wrong: 0, resent: 0, dropped: 0, lost: 0, doubled: 0, errors: [] };

/** Requests a second from this machine, and as many from a pod. */
const rate = 20;

/**
 * Makes something happen to a stack while it is used, and tells what the users saw of it.
 *
 * @param url - The page, as this machine reaches it.
 * @param seconds - How long the load lasts at least.
 * @throws Error where the event fails, or outlived the load: then it proves nothing.
 */
export async function whileUsed(
  on: EngineStack,
  url: string,
  seconds: number,
  event: () => Promise<unknown>,
): Promise<LoadFigures> {
  const serviceUrl = `http://todo-frontend.${on.namespace}.svc.cluster.local`;
  const inside = { kubectl: on.kubectl.bind(on), serviceUrl, node: targetOf(on.context) };
  const load = await startLoad({ url, rate, seconds, k6: process.env.K6 ?? "k6", inside });
  try {
    return (await during(load, event)).figures;
  } finally {
    await load.stop();
  }
}
