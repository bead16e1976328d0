import { describeError, UsageError } from "./errors.ts";
import { handleSignals } from "./interrupt.ts";
import { type Machine, thisMachine } from "./machine.ts";

/** How a command behaves as a process. */
interface MainOptions {
  /** The command lasts until it is interrupted, which is nothing to speak of. Default false. */
  readonly lasts?: boolean;
}

/**
 * Runs one command as a process: arguments in, exit code out, errors told as what they are. Exit codes: docs/commands.md.
 *
 * @param usage - What `--help` prints; `bootstrap.mjs` prints it too, from the file's own text.
 */
export async function main(
  usage: string,
  command: (args: readonly string[], machine: Machine) => Promise<number>,
  { lasts = false }: MainOptions = {},
): Promise<void> {
  const args = process.argv.slice(2);
  const own = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  if (own.includes("--help") || own.includes("-h")) {
    console.log(usage);
    return;
  }
  handleSignals(lasts ? () => undefined : (line) => console.error(line));
  endWithReader();
  try {
    process.exitCode = await command(args, thisMachine());
  } catch (error) {
    const wrong = isWrongUsage(error);
    console.error(wrong ? `${error.message}\n\n${usage}` : `\n${describeError(error)}`);
    process.exitCode = wrong ? 2 : 1;
  }
  // Libraries may leave timers or sockets behind; the work is done.
  process.exit();
}

function isWrongUsage(error: unknown): error is Error {
  if (error instanceof UsageError) return true;
  return error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}

/** Whoever reads a pipe may have enough, as `head` has. */
function endWithReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
}
