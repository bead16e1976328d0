import { readdirSync, readFileSync } from "node:fs";

/** How often it is looked, in milliseconds: a helm or a kubectl takes several times as long. */
const interval = 50;

/** Notes the command line of every process of this machine, from now until it is stopped. Linux only: elsewhere, nothing. */
export class CommandLines {
  private readonly seen = new Set<string>();
  private readonly timer = setInterval(() => this.look(), interval);

  /** Ends it; what was seen. */
  stop(): string[] {
    clearInterval(this.timer);
    return [...this.seen];
  }

  private look(): void {
    if (process.platform !== "linux") return;
    for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
      try {
        this.seen.add(readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " "));
      } catch {
        // It has ended.
      }
    }
  }
}
