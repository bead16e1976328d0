import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Complete, type Printed, readPrinted } from "./figures.ts";

/** One k6 that sends the load. */
export interface Generator {
  /** Where it runs, for messages. */
  readonly name: string;
  /** All that it has printed so far, both streams. */
  readonly output: () => Promise<string>;
  /** Its exit code once it has ended, `undefined` while it runs. */
  readonly exitCode: () => Promise<number | undefined>;
  /** Why it does not begin, as far as its surroundings know. */
  readonly state: () => Promise<string>;
  /** Ends it, if need be, and removes what was made for it; may be called again. */
  readonly stop: () => Promise<void>;
}

/** What a run is told. */
export interface LoadPlan {
  /** Requests a second, in all. */
  readonly rate: number;
  readonly seconds: number;
  /** In the title of each todo of the run, and of no other. */
  readonly run: string;
}

/** The script's files, all in one folder, and the one that k6 is given. */
export const scriptFolder = join(import.meta.dirname, "script");
export const scriptFile = "load.js";

/** The scenarios of the script, each of which tells when it had its first answer. */
const scenarios = 4;

/** An image that is loaded, a pod that is scheduled, a thousand virtual users that are made; in milliseconds. */
const startPatienceMs = 90_000;

/** What the script grants to unfinished requests, and as much again for the end of a pod; in milliseconds. */
const endPatienceMs = 60_000;

/** k6's arguments: nothing is told to its vendor, no port is opened, and all is printed as it is. */
export function k6Arguments(script: string, url: string, { rate, seconds, run }: LoadPlan): string[] {
  const variables = { BASE_URL: url, RATE: rate, SECONDS: seconds, RUN: run };
  return [
    ...["run", "--quiet", "--no-usage-report", "--address", "", "--log-output=stdout", "--log-format=raw"],
    ...Object.entries(variables).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
    script,
  ];
}

/**
 * Waits until every scenario of a generator has had an answer.
 *
 * @returns When the last of them had, in milliseconds since 1970.
 * @throws Error where the generator ends or does not begin.
 */
export async function untilRunning(generator: Generator): Promise<number> {
  const end = Date.now() + startPatienceMs;
  for (;;) {
    const printed = readPrinted(await generator.output());
    if (printed.running.length >= scenarios) return Math.max(...printed.running);
    const code = await generator.exitCode();
    if (code !== undefined) throw new Error(`The load ${generator.name} did not begin: ${lastWords(printed, code)}`);
    if (Date.now() > end) {
      throw new Error(
        `The load ${generator.name} did not begin within ${startPatienceMs / 1000} s: ${await generator.state()}`,
      );
    }
    await sleep(300);
  }
}

/**
 * Waits until a generator has ended by itself.
 *
 * @param endsAt - When its last request is sent, in milliseconds since 1970.
 * @throws Error where it does not end, or ends without figures.
 */
export async function untilEnded(generator: Generator, endsAt: number): Promise<Complete> {
  for (;;) {
    const code = await generator.exitCode();
    if (code !== undefined) {
      const printed = readPrinted(await generator.output());
      if (code === 0 && printed.figures !== undefined) return { ...printed, figures: printed.figures };
      throw new Error(`The load ${generator.name} gave no figures: ${lastWords(printed, code)}`);
    }
    if (Date.now() > endsAt + endPatienceMs) {
      throw new Error(`The load ${generator.name} does not end: ${await generator.state()}`);
    }
    await sleep(500);
  }
}

function lastWords({ said, errors }: Printed, code: number): string {
  const words = [...errors.slice(-3).map(({ error }) => error), ...said.slice(-10)];
  return [`k6 ended with exit code ${code}.`, ...words].join("\n  ");
}
