import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { asking, openDeployed } from "../deploy/deployed.ts";
import { describeError } from "../support/errors.ts";
import type { Machine } from "../support/machine.ts";
import { collectStatus } from "./collect.ts";
import { renderStatus } from "./render.ts";

/** How often `--watch` looks, in milliseconds. */
const WATCH_MS = 2000;

/** The terminal's screen, emptied; the cursor goes to its first line. */
const clearScreen = "\u001b[2J\u001b[H";

/**
 * `npm run status`: one screen of what runs; 0 where all is well, 1 where not.
 *
 * @param signal - Ends `--watch`; default: only the end of the process does.
 */
export async function status(
  args: readonly string[],
  machine: Machine,
  signal: AbortSignal = new AbortController().signal,
): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      stack: { type: "string", short: "s", default: "local" },
      json: { type: "boolean", default: false },
      watch: { type: "boolean", short: "w", default: false },
    },
  });
  const look = () => lookOnce(machine, values.stack, values.json);
  if (!values.watch) return show(machine, await look());
  for (;;) {
    // A cluster that is away for a moment is what one watches for.
    const seen = await look().catch((error: unknown) => ({ text: describeError(error), healthy: false }));
    const clear = machine.colours && !values.json ? clearScreen : "";
    const code = show(machine, { ...seen, text: `${clear}${seen.text}` });
    await sleep(WATCH_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return code;
  }
}

interface Seen {
  readonly text: string;
  readonly healthy: boolean;
}

function show({ log }: Machine, { text, healthy }: Seen): number {
  log(text);
  return healthy ? 0 : 1;
}

async function lookOnce(machine: Machine, stack: string, json: boolean): Promise<Seen> {
  const deployed = await openDeployed(machine, stack);
  const found = await asking(deployed, () => collectStatus(machine, deployed));
  const text = json ? JSON.stringify(found, null, 2) : renderStatus(found, machine.colours).join("\n");
  return { text, healthy: found.healthy };
}
