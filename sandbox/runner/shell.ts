import { spawn } from "node:child_process";
import type { Machine } from "./types.ts";

/** How a command is run. */
export interface ShellOptions {
  /** Written to the command's standard input: secrets go this way, never as arguments. */
  readonly input?: string;
  /** Takes each line that the command prints on its error stream, as progress. */
  readonly progress?: (line: string) => void;
}

/**
 * Runs a command without a shell and gives back what it printed.
 *
 * @throws Error with the program, its exit code and its last lines.
 */
export function shell(
  program: string,
  args: readonly string[],
  { input, progress }: ShellOptions = {},
): Promise<string> {
  const child = spawn(program, args, { env: { ...process.env, DOCKER_BUILDKIT: "1" } });
  const printed: Buffer[] = [];
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => printed.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => {
    const text = chunk.toString("utf8");
    said = (said + text).slice(-6000);
    if (progress !== undefined) for (const line of text.split("\n")) if (line.trim() !== "") progress(line);
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(input ?? "");
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(Buffer.concat(printed).toString("utf8"));
      else reject(new Error(`"${program} ${args.slice(0, 3).join(" ")} ..." ended with ${code}:\n${said.trim()}`));
    });
  });
}

/** kubectl against the program's context. */
export function kubectl(machine: Machine, args: readonly string[], options?: ShellOptions): Promise<string> {
  return shell(machine.kubectl, ["--context", machine.context, ...args], options);
}

/** helm against the program's context. */
export function helm(machine: Machine, args: readonly string[], options?: ShellOptions): Promise<string> {
  return shell(machine.helm, ["--kube-context", machine.context, ...args], options);
}

/** Applies one Kubernetes object; it travels by standard input. */
export async function applyObject(machine: Machine, object: unknown): Promise<void> {
  await kubectl(machine, ["apply", "--filename", "-"], { input: JSON.stringify(object) });
}
