import { type ChildProcess, spawn } from "node:child_process";
import { pipeline } from "node:stream/promises";
import type { Command } from "./target.ts";

/** Runs commands and pipes, so that the loader can be tested without an engine. */
export interface CommandRunner {
  /** Runs a command and gives back what it printed. */
  readonly output: (command: Command) => Promise<string>;
  /** Runs two commands, the output of the first one being the input of the second; gives back what the second one printed. */
  readonly pipe: (from: Command, to: Command) => Promise<string>;
  /** Runs a command with this input and gives back what it printed. */
  readonly feed: (input: Uint8Array, to: Command) => Promise<string>;
}

/**
 * Commands on this machine.
 *
 * @param env - The environment of the commands.
 * @throws Error with the command, its exit code and what it said, for each that fails.
 */
export const commandsIn = (env: NodeJS.ProcessEnv): CommandRunner => ({
  output: async (command) => {
    const child = start(command, env, ["ignore", "pipe", "pipe"]);
    const printed = collect(child);
    await finished(child, command);
    return printed();
  },
  pipe: async (from, to) => {
    const source = start(from, env, ["ignore", "pipe", "pipe"]);
    const sink = start(to, env, ["pipe", "pipe", "pipe"]);
    if (source.stdout === null || sink.stdin === null) throw new Error("a piped command has no pipe");
    const printed = collect(sink);
    const flow = pipeline(source.stdout, sink.stdin).catch(() => undefined);
    const ends = await Promise.allSettled([finished(sink, to), finished(source, from), flow]);
    // One side's death breaks the other's pipe, and which is seen first is chance: both are told.
    const failures = ends.flatMap((end) => (end.status === "rejected" ? [(end.reason as Error).message] : []));
    if (failures.length > 0) throw new Error(failures.join("\n"));
    return printed();
  },
  feed: async (input, to) => {
    const sink = start(to, env, ["pipe", "pipe", "pipe"]);
    const printed = collect(sink);
    // A command that ends before it has read all says why itself.
    sink.stdin?.on("error", () => undefined).end(input);
    await finished(sink, to);
    return printed();
  },
});

/** Commands in the environment of this process. */
export const localCommands: CommandRunner = commandsIn(process.env);

function start([program, ...args]: Command, env: NodeJS.ProcessEnv, stdio: ("ignore" | "pipe")[]): ChildProcess {
  return spawn(program, args, { env, stdio });
}

/** Gathers what a command prints. */
function collect(child: ChildProcess): () => string {
  const chunks: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString("utf8");
}

function finished(child: ChildProcess, command: Command): Promise<void> {
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString("utf8")).slice(-4000);
  });
  return new Promise((resolve, reject) => {
    child.on("error", (error) => reject(new Error(`"${command.join(" ")}" could not start: ${error.message}`)));
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`"${command.join(" ")}" ended with ${code}: ${said.trim()}`));
    });
  });
}
