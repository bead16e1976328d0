import { execFileSync, spawn } from "node:child_process";
import { cpSync, lstatSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDocument } from "yaml";

const root = join(import.meta.dirname, "..", "..", "..");

/** What a command of the checkout printed, and how it ended. */
export interface CommandResult {
  readonly code: number | null;
  /** Both streams, in the order in which they came. */
  readonly output: string;
}

/** A command that runs. */
export interface RunningCommand {
  readonly finished: Promise<CommandResult>;
  /** What it has printed so far. */
  readonly printed: () => string;
  /** Ends it and all that it started, as a closed terminal would. */
  readonly kill: (signal: NodeJS.Signals) => void;
}

/**
 * A clone of the repository as a newcomer has it, with the edits of the working tree: the suites type the README's own
 * commands in it, and edit it as a person would.
 */
export class Checkout {
  readonly folder: string;
  /** What its commands find in their environment, besides that of this process. */
  readonly environment: NodeJS.ProcessEnv = {};

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Clones what git knows of the working tree into a new folder. */
  static clone(): Checkout {
    const folder = mkdtempSync(join(tmpdir(), "todo-stack-e2e-"));
    const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root });
    for (const path of listed.toString("utf8").split("\0").filter(Boolean)) {
      const present = lstatSync(join(root, path), { throwIfNoEntry: false });
      if (present !== undefined) cpSync(join(root, path), join(folder, path), { verbatimSymlinks: true });
    }
    return new Checkout(folder);
  }

  /** Sets keys of a stack, as `pulumi config set --path` would; `undefined` removes one. */
  configure(values: Readonly<Record<string, unknown>>, stack = "local"): void {
    const path = join(this.folder, `Pulumi.${stack}.yaml`);
    const file = parseDocument(readFileSync(path, "utf8"));
    for (const [key, value] of Object.entries(values)) {
      const path = ["config", ...`todo-stack:${key}`.split(".")];
      // A key may stand without the project's name too; both at once would be a contradiction.
      const bare = ["config", ...key.split(".")];
      if (file.hasIn(bare)) file.deleteIn(bare);
      if (value !== undefined) file.setIn(path, value);
      else if (file.hasIn(path)) file.deleteIn(path);
    }
    writeFileSync(path, file.toString());
  }

  /** Replaces a text in a file, once. */
  replace(path: string, old: string, text: string): void {
    const absolute = join(this.folder, path);
    const content = readFileSync(absolute, "utf8");
    if (content.split(old).length !== 2) throw new Error(`${path} does not hold ${JSON.stringify(old)} exactly once`);
    writeFileSync(
      absolute,
      content.replace(old, () => text),
    );
  }

  /** Puts text at the end of a file. */
  append(path: string, text: string): void {
    writeFileSync(join(this.folder, path), `${readFileSync(join(this.folder, path), "utf8")}${text}`);
  }

  /** Writes a file of any content. */
  write(path: string, content: string): void {
    writeFileSync(join(this.folder, path), content);
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  /** Starts `npm run <args>` in a process group of its own. */
  start(...args: string[]): RunningCommand {
    return this.feed("", ...args);
  }

  /** Starts it with a text on its standard input, where a secret is given. */
  feed(input: string, ...args: string[]): RunningCommand {
    const env = { ...process.env, ...this.environment };
    const child = spawn("npm", ["run", "--silent", ...args], { cwd: this.folder, detached: true, env });
    child.stdin.end(input);
    let output = "";
    let killed = false;
    const take = (chunk: Buffer) => {
      output += chunk.toString("utf8");
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    return {
      printed: () => output,
      kill: (signal) => {
        killed = true;
        if (child.pid !== undefined) process.kill(-child.pid, signal);
      },
      finished: new Promise((resolve, reject) => {
        child.on("error", reject);
        child.on("close", (code) => resolve({ code, output }));
        // Plugins of a killed Pulumi CLI outlive it in process groups of their own, and hold its pipes.
        child.on("exit", (code) => {
          if (killed) resolve({ code, output });
        });
      }),
    };
  }

  /** Runs `npm run <args>` to its end. */
  run(...args: string[]): Promise<CommandResult> {
    return this.start(...args).finished;
  }

  /** Runs it, and fails with all that it printed where it does not end well. */
  async succeed(...args: string[]): Promise<string> {
    const { code, output } = await this.run(...args);
    if (code !== 0) throw new Error(`npm run ${args.join(" ")} ended with ${code}:\n${output}`);
    return output;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
