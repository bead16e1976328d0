import { parseArgs } from "node:util";
import { UserError } from "../support/errors.ts";
import { withLock } from "../support/lock.ts";
import { elapsed } from "../support/log.ts";
import type { Machine } from "../support/machine.ts";
import { isOccupied } from "../support/ports.ts";
import { ensureTool } from "../tools/install.ts";
import { startForward } from "./forward.ts";
import { type Ground, makeGround } from "./ground.ts";
import { waitForPage } from "./page.ts";
import { openProgram, type Program } from "./programs.ts";
import { writeRecord } from "./record.ts";
import { readSettings, type StackSettings, writeEffectiveStack } from "./settings.ts";
import { type Found, findUnchanged, type Unchanged } from "./unchanged/findUnchanged.ts";
import type { Way } from "./way.ts";

/** How long the page may take to answer after the release is there, in milliseconds. */
const PAGE_TIMEOUT_MS = 60_000;

/** The stack's name, and the arguments behind `--` that go to the Pulumi CLI. */
export function parseStackArgs(args: readonly string[]): { stack: string; extra: readonly string[] } {
  const { own, extra } = splitArgs(args);
  const { values } = parseArgs({ args: own, options: { stack: { type: "string", short: "s", default: "local" } } });
  return { stack: values.stack, extra };
}

/** Arguments before and behind the first `--`. */
export function splitArgs(args: readonly string[]): { own: string[]; extra: string[] } {
  const split = args.includes("--") ? args.indexOf("--") : args.length;
  return { own: args.slice(0, split), extra: args.slice(split + 1) };
}

/** `npm run up`: from whatever the machine is to the page's URL, which is the last line printed. */
export async function up(args: readonly string[], machine: Machine): Promise<number> {
  const { stack, extra } = parseStackArgs(args);
  return withLock(machine, "up", async () => {
    const since = Date.now();
    // Whoever has something to say to the CLI gets the CLI.
    const { unchanged, ground }: Found = extra.length === 0 ? await findUnchanged(machine, stack) : {};
    if (unchanged !== undefined) return tellUnchanged(machine, unchanged, since);
    const prepared = await prepare(machine, stack, ground);
    const { outputs, changed } = await prepared.program.up(extra);
    const url = typeof outputs.url === "string" ? outputs.url : `http://127.0.0.1:${prepared.settings.nodePort}`;
    if (!prepared.settings.production) await ensurePage(machine, prepared.settings, url);
    machine.log(changed ? `Deployed (${elapsed(since)}).` : `Nothing changed. (${elapsed(since)})`);
    machine.log(url);
    return 0;
  });
}

function tellUnchanged({ log }: Machine, { way, outputs }: Unchanged, since: number): number {
  log(way.line);
  log(`Nothing changed. (${elapsed(since)})`);
  log(String(outputs.url));
  return 0;
}

/** A stack whose machine, tools and cluster are ready. */
export interface Prepared {
  readonly way: Way;
  readonly settings: StackSettings;
  readonly program: Program;
}

/**
 * Makes the ground ready, unless it has just been seen so, and opens the program on the stack.
 *
 * @param seen - The ground as `findUnchanged` has seen it.
 */
export async function prepare(machine: Machine, stack: string, seen?: Ground): Promise<Prepared> {
  const configured = await readSettings(machine.root, stack);
  if (seen !== undefined) machine.log(seen.way.line);
  const { way, cluster } = seen ?? (await makeGround(machine, configured));
  const stackFile = await writeEffectiveStack(machine, configured, cluster.overrides);
  const program = await openProgram(machine, way, { settings: cluster.settings, stackFile });
  await writeRecord(machine, stack, { ...way, configuredContext: configured.context });
  return { way, settings: cluster.settings, program };
}

/** A cluster that does not publish the page's port gets a port-forward on that very port. */
async function ensurePage(machine: Machine, settings: StackSettings, url: string): Promise<void> {
  if ((await waitForPage(machine, { url, own: settings.own }, 1000)) === undefined) return;
  await machine.log.step("Waiting for the page", async (log) => {
    if (!(await isOccupied(settings.nodePort))) {
      log(`nothing listens on port ${settings.nodePort}; starting a kubectl port-forward on it`);
      await startForward(machine, settings, await ensureTool(machine, "kubectl"));
    }
    const missing = await waitForPage(machine, { url, own: settings.own }, PAGE_TIMEOUT_MS);
    if (missing === undefined) return;
    const { context, namespace } = settings;
    throw new UserError(
      `The release is there, but ${missing}.`,
      `Look at its pods: kubectl --context ${context} --namespace ${namespace} get pods`,
    );
  });
}
