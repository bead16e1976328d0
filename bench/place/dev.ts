import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Deployment } from "./deployment.ts";
import type { Surroundings } from "./surroundings.ts";

/** How long `npm run dev` may take to say something, in milliseconds. */
const patienceMs = 180_000;

/** `npm run dev` in the copy that is deployed: it says `Watching` once it is ready, and `Deployed` after each edit. */
export class DevProcess {
  /** Why it cannot be had; absent where it can. */
  readonly skipped?: string;
  private readonly deployment: Deployment;
  private readonly surroundings: Surroundings;
  private child: ChildProcess | undefined;
  private ended: Promise<void> = Promise.resolve();
  private readonly said: string[] = [];
  private listeners: {
    readonly word: RegExp;
    readonly resolve: () => void;
    readonly reject: (error: Error) => void;
  }[] = [];

  constructor(deployment: Deployment, surroundings: Surroundings) {
    this.deployment = deployment;
    this.surroundings = surroundings;
    const { scripts } = JSON.parse(readFileSync(join(deployment.own.folder, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    if (scripts.dev === undefined) this.skipped = "this version has no `npm run dev`";
  }

  /** Starts it, unless it runs, and waits until it watches. */
  async start(): Promise<void> {
    if (this.child !== undefined) return;
    const { env, folder } = this.deployment.own;
    const args = ["run", "--silent", "dev", "--", "--stack", "local"];
    const child = spawn("npm", args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    this.child = child;
    this.surroundings.onRemove(() => this.stop());
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on("line", (line) => this.hear(line));
    this.ended = new Promise((resolve) => {
      child.on("error", () => resolve());
      child.on("exit", () => resolve());
    });
    void this.ended.then(() => this.fail(new Error(`npm run dev ended:\n${this.said.slice(-20).join("\n")}`)));
    await this.waitFor(/^Watching/);
  }

  /** Waits until it has deployed something more. */
  nextDeployment(): Promise<void> {
    return this.waitFor(/^Deployed/);
  }

  /** Ends it as Ctrl-C would. */
  async stop(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    process.kill(-child.pid, "SIGINT");
    const kill = setTimeout(() => process.kill(-(child.pid ?? 0), "SIGKILL"), 10_000);
    await this.ended;
    clearTimeout(kill);
  }

  private hear(line: string): void {
    this.said.push(line);
    const [heard, others] = [
      this.listeners.filter(({ word }) => word.test(line)),
      this.listeners.filter(({ word }) => !word.test(line)),
    ];
    this.listeners = others;
    for (const { resolve } of heard) resolve();
  }

  private fail(error: Error): void {
    for (const { reject } of this.listeners.splice(0)) reject(error);
  }

  private async waitFor(word: RegExp): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const words = () =>
        `npm run dev said nothing like ${word} within ${patienceMs / 1000} s:\n${this.said.slice(-20).join("\n")}`;
      timer = setTimeout(() => reject(new Error(words())), patienceMs);
    });
    const heard = new Promise<void>((resolve, reject) => this.listeners.push({ word, resolve, reject }));
    await Promise.race([heard, late]).finally(() => clearTimeout(timer));
  }
}
