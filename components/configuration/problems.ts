import { RunError } from "@pulumi/pulumi";

/** One mistake in the stack configuration, told so that a person can mend it. */
export interface Problem {
  /** The configuration key without its namespace, e.g. `nodePort`. */
  readonly key: string;
  /** What is wrong with it. */
  readonly message: string;
  /** The command that mends it. */
  readonly remedy: string;
}

/**
 * All mistakes of a stack's configuration at once, so that one `up` is enough to learn of every one. As a
 * `RunError` it is shown by Pulumi as its message alone, without a stack.
 */
export class ConfigurationError extends RunError {
  readonly problems: readonly Problem[];

  constructor(stack: string, problems: readonly Problem[]) {
    const lines = problems.map(({ key, message, remedy }) => `  - ${key}: ${message}\n      mend it with: ${remedy}`);
    const count = problems.length === 1 ? "1 mistake" : `${problems.length} mistakes`;
    super(`The configuration of stack "${stack}" has ${count}:\n${lines.join("\n")}`);
    this.name = "ConfigurationError";
    this.problems = problems;
  }
}

/** The command that sets one key of one stack. */
export function setCommand(stack: string, key: string, example: string): string {
  return `pulumi config set --stack ${stack} ${key} ${example}`;
}

/** The command that sets one secret key of one stack; the value is asked for, so that it reaches no shell history. */
export function setSecretCommand(stack: string, key: string): string {
  return `pulumi config set --stack ${stack} --secret ${key}`;
}

/** The command that removes one key of one stack. */
export function removeCommand(stack: string, key: string): string {
  return `pulumi config rm --stack ${stack} ${key}`;
}
