import { describeError } from "./errors.ts";
import { handleSignals } from "./interrupt.ts";
import { type Machine, thisMachine } from "./machine.ts";

/**
 * Runs one command as a process: arguments in, exit code out, errors told as what they are.
 *
 * @param usage - What `--help` prints.
 */
export async function main(
  usage: string,
  command: (args: readonly string[], machine: Machine) => Promise<number>,
): Promise<void> {
  const args = process.argv.slice(2);
  const own = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  if (own.includes("--help") || own.includes("-h")) {
    console.log(usage);
    return;
  }
  handleSignals((line) => console.error(line));
  try {
    process.exitCode = await command(args, thisMachine());
  } catch (error) {
    const wrong = error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
    console.error(wrong ? `${error.message}\n\n${usage}` : `\n${describeError(error)}`);
    process.exitCode = wrong ? 2 : 1;
  }
  // Libraries may leave timers or sockets behind; the work is done.
  process.exit();
}
