import { spawn } from "node:child_process";
import { createReadStream } from "node:fs";
import { appendFile, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { UserError } from "./userError.ts";

/** How many of a failed command's last lines its error shows. */
const SHOWN_LINES = 15;

/** How to run a command. */
export interface RunOptions {
  /** Working directory; default: this process's. */
  cwd?: string;
  /** Added to this process's environment; `undefined` takes a variable away. */
  env?: Record<string, string | undefined>;
  /** A file that becomes the standard input; default: none. */
  inputFile?: string;
  /** Receives each line of both outputs as it comes. */
  onLine?: (line: string) => void;
  /** A file to which both outputs are appended; an error names it. */
  logFile?: string;
  /** Ends the command when aborted. */
  signal?: AbortSignal;
}

/** What a command that has ended leaves. */
export interface Finished {
  /** Exit code; 128 for one that a signal ended, 127 for one that could not be started. */
  code: number;
  /** Standard output, without the last line break. */
  stdout: string;
  /** Both outputs' last lines, in the order they came. */
  lastLines: string[];
}

/** A command that ended with an error, with its exit code and last lines. */
export class CommandError extends UserError {
  override name = "CommandError";
  /** Exit code, see {@link Finished.code}. */
  readonly code: number;
  /** Both outputs' last lines. */
  readonly lastLines: readonly string[];

  constructor(command: readonly string[], finished: Finished, logFile?: string) {
    const output = finished.lastLines.map((line) => `  ${line}`).join("\n") || "  (it printed nothing)";
    const more = logFile ? `\nAll of its output: ${logFile}` : "";
    super(`\`${command.join(" ")}\` ended with ${finished.code}:\n${output}${more}`);
    this.code = finished.code;
    this.lastLines = finished.lastLines;
  }
}

/**
 * Runs a command without a shell and waits for its end.
 * @param command the program and its arguments
 * @returns its standard output without the last line break
 * @throws {@link CommandError} when it ends with anything but 0 or cannot be started
 */
export async function run(command: readonly string[], options: RunOptions = {}): Promise<string> {
  const finished = await attempt(command, options);
  if (finished.code !== 0) throw new CommandError(command, finished, options.logFile);
  return finished.stdout;
}

/** Like {@link run}, for commands whose failure is an answer: never throws, gives the exit code. */
export async function attempt(command: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const [program, ...args] = command as [string, ...string[]];
  if (options.logFile) await mkdir(dirname(options.logFile), { recursive: true });
  const stdout: string[] = [];
  const lastLines: string[] = [];
  const everything: string[] = [];
  const take = (line: string): void => {
    lastLines.push(line);
    if (lastLines.length > SHOWN_LINES) lastLines.shift();
    if (options.logFile) everything.push(line);
    options.onLine?.(line);
  };
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: [options.inputFile ? "pipe" : "ignore", "pipe", "pipe"],
    ...(options.signal && { signal: options.signal }),
  });
  if (options.inputFile && child.stdin) {
    // The command may end before it has read all: its exit code says why, not the broken pipe.
    child.stdin.on("error", () => undefined);
    createReadStream(options.inputFile).pipe(child.stdin);
  }
  const outputs = [
    eachLine(child.stdout, (line) => {
      stdout.push(line);
      take(line);
    }),
    eachLine(child.stderr, take),
  ];
  const code = await new Promise<number>((resolve) => {
    child.once("error", (error) => {
      take(error.message);
      resolve(127);
    });
    child.once("close", (exitCode) => resolve(exitCode ?? 128));
  });
  await Promise.all(outputs);
  if (options.logFile) await appendFile(options.logFile, `$ ${command.join(" ")}\n${everything.join("\n")}\n`);
  return { code, stdout: stdout.join("\n"), lastLines };
}

async function eachLine(stream: Readable | null, take: (line: string) => void): Promise<void> {
  if (!stream) return;
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) take(line);
}
