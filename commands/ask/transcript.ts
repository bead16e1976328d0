/** Lines of klog, which are for kubectl-ai's own developers: https://github.com/kubernetes/klog */
const logged = /^[IWEF]\d{4} /;

/** How kubectl-ai ends where a command needs a person's yes, and nobody can be asked; the commands follow, one a line. */
const stopped = /require approval:$/;

/**
 * Passes on what kubectl-ai says, without its log, and without the help that it prints after every error. Notes the commands that
 * it stopped at, because it could not tell that they only read.
 */
export class Transcript {
  /** The commands that it stopped at. */
  readonly stoppedAt = new Set<string>();
  private readonly print: (line: string) => void;
  private over = false;

  constructor(print: (line: string) => void) {
    this.print = print;
  }

  /** Takes the next line of either stream. */
  take(line: string): void {
    const text = line.trimEnd();
    if (logged.test(text)) return;
    if (stopped.test(text) || text === "Usage:") this.over = true;
    else if (!this.over) this.print(text);
    else if (text.startsWith("* ")) this.stoppedAt.add(text.slice(2));
  }
}
