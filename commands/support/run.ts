import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { CommandError } from "./errors.ts";
import { interruption, whileRunning } from "./interrupt.ts";

/** How a command is run. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Written to the command's standard input: secrets go this way, never as arguments. */
  readonly input?: string;
  /** Takes each line that the command prints, as it comes. */
  readonly onLine?: (line: string) => void;
  /** The command has the terminal; nothing is captured. */
  readonly inherit?: boolean;
  /** Gives back a bad exit code instead of throwing. Default false. */
  readonly allowFailure?: boolean;
  /** Ends the command after so many milliseconds. Default: never. */
  readonly timeoutMs?: number;
  /** Runs also after an interruption: for cleaning up. Default false. */
  readonly cleanup?: boolean;
}

/** What a command came to. */
export interface RunResult {
  /** The exit code; 127 where the program is not there, 124 where it ran out of time. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program without a shell.
 *
 * @throws CommandError where it fails and `allowFailure` is not set. After an interruption it does not come back, so that
 * nothing new begins while the process ends.
 */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  if (options.cleanup !== true) await interruption();
  const result = await execute(command, args, options);
  if (options.cleanup !== true) await interruption();
  if (result.code === 0 || options.allowFailure === true) return result;
  throw new CommandError(failureMessage(command, args, result), result.code);
}

async function execute(command: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  const stdin = options.input === undefined ? "ignore" : "pipe";
  const child = spawn(command, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: options.env ?? process.env,
    stdio: options.inherit === true ? "inherit" : [stdin, "pipe", "pipe"],
  });
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(options.input);
  const output = { stdout: collect(child, "stdout", options.onLine), stderr: collect(child, "stderr", options.onLine) };
  const ended = waitFor(child, options.timeoutMs);
  const code = await (options.cleanup === true ? ended : whileRunning(child, ended));
  if (code === 127 && output.stderr.text === "") output.stderr.text = `${command} was not found`;
  return { code, stdout: output.stdout.text, stderr: output.stderr.text };
}

function collect(child: ChildProcess, name: "stdout" | "stderr", onLine: RunOptions["onLine"]): { text: string } {
  const collected = { text: "" };
  const stream = child[name];
  if (stream === null) return collected;
  stream.setEncoding("utf8").on("data", (data: string) => {
    collected.text += data;
  });
  if (onLine !== undefined) createInterface({ input: stream }).on("line", onLine);
  return collected;
}

function waitFor(child: ChildProcess, timeoutMs: number | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    let late = false;
    const timer = setTimeout(
      () => {
        late = true;
        child.kill("SIGKILL");
      },
      timeoutMs ?? 2 ** 31 - 1,
    );
    child.on("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      if (error.code === "ENOENT" || error.code === "EACCES") resolve(127);
      else reject(error);
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve(late ? 124 : (code ?? 130));
    });
  });
}

function failureMessage(command: string, args: readonly string[], { code, stdout, stderr }: RunResult): string {
  const name = command.split("/").at(-1) ?? command;
  const lines = `${stdout}\n${stderr}`.split("\n").filter((line) => line.trim() !== "");
  const why = code === 124 ? "took too long and was ended" : `ended with exit code ${code}`;
  return [`"${[name, ...args.slice(0, 3)].join(" ")}" ${why}.`, ...lines.slice(-20).map((line) => `  ${line}`)].join(
    "\n",
  );
}
