import { spawn } from "node:child_process";
import { pipeline } from "node:stream/promises";
import { whileRunning } from "../../commands/support/interrupt.ts";
import { run } from "../../commands/support/run.ts";

/**
 * Runs plain commands in one environment and folder, as a person would type them. The folder is a copy of the checkout: what
 * is made in it for a while is gone in the end, also after an interruption.
 */
export class Commands {
  readonly env: NodeJS.ProcessEnv;
  readonly folder: string;

  constructor(env: NodeJS.ProcessEnv, folder: string) {
    this.env = env;
    this.folder = folder;
  }

  /** Runs a command and gives back what it printed; fails where it fails. */
  async run(program: string, ...args: readonly string[]): Promise<string> {
    return (await run(program, args, { cwd: this.folder, env: this.env })).stdout;
  }

  /** The same with a text on the command's standard input. */
  async feed(input: string, program: string, ...args: readonly string[]): Promise<string> {
    return (await run(program, args, { cwd: this.folder, env: this.env, input })).stdout;
  }

  /** Whether a command ends well. */
  async succeeds(program: string, ...args: readonly string[]): Promise<boolean> {
    const { code } = await run(program, args, { cwd: this.folder, env: this.env, allowFailure: true });
    return code === 0;
  }

  /** Runs a command after an interruption too, however it ends. */
  async cleanUp(program: string, ...args: readonly string[]): Promise<string> {
    const options = { cwd: this.folder, env: this.env, allowFailure: true, cleanup: true };
    return (await run(program, args, options)).stdout;
  }

  /**
   * `from | to`.
   *
   * @returns The bytes that went through.
   */
  async pipe(from: readonly [string, ...string[]], to: readonly [string, ...string[]]): Promise<number> {
    const options = { cwd: this.folder, env: this.env };
    const source = spawn(from[0], from.slice(1), { ...options, stdio: ["ignore", "pipe", "inherit"] });
    const sink = spawn(to[0], to.slice(1), { ...options, stdio: ["pipe", "ignore", "inherit"] });
    let bytes = 0;
    source.stdout.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
    });
    // A reader that has what it needs may close the pipe before its end; how both commands end is what counts.
    const flow = pipeline(source.stdout, sink.stdin).catch(() => undefined);
    await Promise.all([flow, ended(source, from), ended(sink, to)]);
    return bytes;
  }
}

function ended(child: ReturnType<typeof spawn>, command: readonly string[]): Promise<void> {
  const end = new Promise<void>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`"${command.slice(0, 3).join(" ")} ..." ended with ${code}`));
    });
  });
  return whileRunning(child, end);
}
