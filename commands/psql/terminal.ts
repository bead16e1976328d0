import { spawn } from "node:child_process";
import { constants } from "node:os";
import { UserError } from "../support/errors.ts";

/**
 * Runs a program that has the terminal, and its Ctrl-C, to itself.
 *
 * @returns Its exit code; 128 and the signal's number where one ended it.
 * @throws UserError where it cannot be started.
 */
export function runInTerminal(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  // To psql Ctrl-C means the statement, not the program.
  process.removeAllListeners("SIGINT").on("SIGINT", () => undefined);
  const child = spawn(command, args, { env, stdio: "inherit" });
  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    process.removeAllListeners(signal).on(signal, () => child.kill(signal));
  }
  return new Promise((resolve, reject) => {
    child.on("error", (error) => reject(new UserError(`${command} cannot be started: ${error.message}`)));
    child.on("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? "SIGKILL"]));
  });
}
