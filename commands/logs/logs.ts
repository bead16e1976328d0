import { parseArgs } from "node:util";
import { asking, openDeployed } from "../deploy/deployed.ts";
import { parseDuration } from "../support/duration.ts";
import { UsageError, UserError } from "../support/errors.ts";
import type { Machine } from "../support/machine.ts";
import { listServices } from "./containers.ts";
import { type LogFormat, lineFormat } from "./format.ts";
import type { LogOptions } from "./lines.ts";
import { readLogs, streamLogs } from "./stream.ts";

/** What is shown of each container where nobody says how much. */
const defaultTail = 100;

interface Wanted extends LogOptions {
  readonly stack: string;
  /** Empty: all that there are. */
  readonly services: readonly string[];
  readonly follow: boolean;
  readonly format: LogFormat;
}

/**
 * `npm run logs`: what the containers of a stack have written, or write from now on.
 *
 * @param signal - Ends following; default: only the end of the process does.
 */
export async function logs(
  args: readonly string[],
  machine: Machine,
  signal: AbortSignal = new AbortController().signal,
): Promise<number> {
  const wanted = parseLogArgs(args);
  const deployed = await openDeployed(machine, wanted.stack);
  const { settings, api } = deployed;
  const known = await listServices(api, settings);
  const services = chosen(wanted.services, known);
  const show = lineFormat(wanted.format, { colours: machine.colours, services });
  if (wanted.follow) {
    const write = (line: Parameters<typeof show>[0]): void => machine.log(show(line));
    await asking(deployed, () => streamLogs(api, settings, services, write, signal, wanted));
    return 0;
  }
  const lines = await asking(deployed, () => readLogs(api, settings, services, wanted));
  if (lines.length === 0) throw nothingToShow({ ...wanted, services });
  for (const line of lines) machine.log(show(line));
  return 0;
}

function nothingToShow({ services, previous, sinceSeconds, stack }: Wanted): UserError {
  const who = services.join(", ");
  if (previous === true)
    return new UserError(`No container of ${who} has started again, so there is no log before that.`);
  const when = sinceSeconds === undefined ? "" : " in that time";
  const status = stack === "local" ? "npm run status" : `npm run status -- --stack ${stack}`;
  return new UserError(`There is no log line of ${who}${when}.`, `Whether they run: ${status}`);
}

/** Reads the arguments of `npm run logs`. */
export function parseLogArgs(args: readonly string[]): Wanted {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      stack: { type: "string", short: "s", default: "local" },
      follow: { type: "boolean", short: "f", default: false },
      since: { type: "string" },
      tail: { type: "string", short: "n" },
      previous: { type: "boolean", short: "p", default: false },
      json: { type: "boolean", default: false },
      raw: { type: "boolean", default: false },
    },
  });
  if (values.json && values.raw) throw new UsageError("--json and --raw exclude each other.");
  if (values.follow && values.previous)
    throw new UsageError("--previous is about a run that has ended; without --follow.");
  const sinceSeconds = values.since === undefined ? undefined : parseDuration(values.since, "--since");
  return {
    stack: values.stack,
    services: positionals.includes("all") ? [] : positionals,
    follow: values.follow,
    previous: values.previous,
    sinceSeconds,
    tail: parseTail(values.tail, sinceSeconds),
    format: values.json ? "json" : values.raw ? "raw" : "readable",
  };
}

function chosen(names: readonly string[], known: readonly string[]): readonly string[] {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`There is no service "${unknown}". There are: ${known.join(", ")}, all.`);
  return names.length === 0 ? known : names;
}

/** Whoever says since when wants all of it. */
function parseTail(text: string | undefined, sinceSeconds: number | undefined): number | undefined {
  if (text === undefined) return sinceSeconds === undefined ? defaultTail : undefined;
  if (text === "all") return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  throw new UsageError(`--tail is "${text}"; it can be a number of lines, or all.`);
}
