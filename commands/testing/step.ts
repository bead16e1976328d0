import { describeError } from "../support/errors.ts";
import { elapsed, type Log } from "../support/log.ts";
import type { Machine } from "../support/machine.ts";
import { run } from "../support/run.ts";
import { type Counts, describeCounts, oneCheck } from "./report.ts";

/** The parts of `npm test`, as `--only` names them. */
export const rooms = ["lint", "program", "frontend", "backend"] as const;

/** One of the parts of `npm test`. */
export type Room = (typeof rooms)[number];

/** What a step of `npm test` came to. */
export interface Outcome {
  readonly counts: Counts;
  /** What the runner printed; shown where something failed. */
  readonly output: string;
}

/** One step of `npm test`: a runner, or a check that counts as one test. */
export interface TestStep {
  readonly name: string;
  readonly room: Room;
  readonly run: (machine: Machine, log: Log) => Promise<Outcome>;
}

/** Runs a step and tells how it went; whatever breaks counts as a failure. */
export async function runStep(machine: Machine, step: TestStep): Promise<Counts> {
  const since = Date.now();
  const log = prefixed(machine.log, step.name);
  try {
    const { counts, output } = await step.run(machine, log);
    if (counts.failed > 0) machine.log(indent(output));
    machine.log(`${step.name}: ${describeCounts(counts)} (${elapsed(since)})`);
    return counts;
  } catch (error) {
    machine.log(indent(describeError(error)));
    machine.log(`${step.name}: failed (${elapsed(since)})`);
    return oneCheck(false);
  }
}

/** A step that passes where a command does. */
export function commandStep(name: string, room: Room, command: string, args: readonly string[]): TestStep {
  return {
    name,
    room,
    run: async ({ root: cwd, env }) => {
      const { code, stdout, stderr } = await run(command, args, { cwd, env, allowFailure: true });
      return { counts: oneCheck(code === 0), output: stdout + stderr };
    },
  };
}

/** Steps run side by side: each line says whose it is. */
function prefixed(log: Log, name: string): Log {
  const line = (text: string): void => log(`${name}: ${text}`);
  const step: Log["step"] = (title, work) => {
    line(title);
    return work(Object.assign(line, { step }));
  };
  return Object.assign(line, { step });
}

function indent(text: string): string {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => `    ${line}`)
    .join("\n");
}
