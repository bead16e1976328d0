import type { ApplicationProblem } from "../recipe.ts";

/** What the looks at an application collect on their way: guesses to be told, and reasons why it cannot go on. */
export class Findings {
  readonly notes: string[] = [];
  readonly problems: ApplicationProblem[] = [];
  readonly #stack: string | undefined;

  /** @param stack - The stack that the commands name; none: the one that is selected. */
  constructor(stack?: string) {
    this.#stack = stack;
  }

  /** Tells of a guess. */
  note(text: string): void {
    this.notes.push(text);
  }

  /** Tells of something that only the application itself can mend. */
  problem(message: string, remedy: string): void {
    this.problems.push({ message, remedy });
  }

  /** Tells of something that a key of the stack configuration mends. */
  mendByKey(key: string, message: string, example: string): void {
    this.problems.push({ key, message, remedy: this.set(key, example) });
  }

  /** The command that sets a key, e.g. `pulumi config set --path backend.module app.main:app`. */
  set(key: string, example: string): string {
    return `pulumi config set ${this.#stack === undefined ? "" : `--stack ${this.#stack} `}--path ${key} ${example}`;
  }
}

/** Names in a sentence: at most five of them. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
