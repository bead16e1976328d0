/**
 * A fault that a person can mend: what was wrong, where, and what to do. It is shown without a stack; every other error is
 * a bug and shows one.
 */
export class UserError extends Error {
  /** The command or the step that mends it; several lines are fine. */
  readonly remedy: string | undefined;

  constructor(message: string, remedy?: string) {
    super(message);
    this.name = "UserError";
    this.remedy = remedy;
  }
}

/** A command was called in a way that it does not know: an exit code of its own, and its usage behind the message. */
export class UsageError extends UserError {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

/** A command ended with an exit code other than 0; its message carries the last lines that it printed. */
export class CommandError extends UserError {
  /** The exit code; 127 where the program is not there, 124 where it ran out of time. */
  readonly code: number;

  constructor(message: string, code: number) {
    super(message);
    this.name = "CommandError";
    this.code = code;
  }
}

/** The code of one of Node's own errors (`ENOENT`), `undefined` for every other thing that was thrown. */
export function codeOf(error: unknown): string | undefined {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

/** The error as it is shown: words for a person's mistake, words and stack for a bug. */
export function describeError(error: unknown): string {
  if (error instanceof UserError) return [error.message, error.remedy].filter((line) => line !== undefined).join("\n");
  if (!(error instanceof Error)) return String(error);
  if (codeOf(error) === "ENOSPC") return `The disk is full (${error.message}).\nFree some space: docker system prune`;
  return isBug(error) ? (error.stack ?? error.message) : error.message;
}

/** Rooms below `commands/` throw plain errors with words for people; the language's own and the system's are bugs. */
function isBug(error: Error): boolean {
  const names = ["TypeError", "ReferenceError", "RangeError", "SyntaxError", "AssertionError"];
  return names.includes(error.name) || codeOf(error) !== undefined;
}
