import { chmod, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import type { Masks } from "../diagnose/mask.ts";
import { run } from "../support/run.ts";
import { checkCommand } from "./readCommand.ts";

/** What a command came to, as the program that asked for it is told. */
export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What stands behind the gate. */
export interface GateOptions {
  readonly kubectl: string;
  /** The kubeconfig of the reading account, and of nobody else. */
  readonly kubeconfig: string;
  /** A folder that is empty and this call's own. */
  readonly folder: string;
  readonly masks: Masks;
  /** Takes a command that was not let through. */
  readonly refused: (command: string) => void;
}

/** How long a command may take, in milliseconds. */
const commandTimeout = 30_000;

/** What a model is told at most of one command's output, in characters. */
const longestOutput = 60_000;

/**
 * Opens the one way by which kubectl-ai gets at anything: it starts every command as `bash -c <command>`, by the first `bash` on
 * PATH. That one is ours, and hands the command to this process, which runs it where it is a kubectl command that reads, and masks
 * what comes back. So neither a shell nor the key of the reading account is in a model's reach.
 *
 * @returns The folder that is to be all of kubectl-ai's PATH.
 */
export async function openGate(options: GateOptions): Promise<{ readonly path: string; readonly close: () => void }> {
  const socket = join(options.folder, "gate");
  const server = createServer({ allowHalfOpen: true }, (connection) => {
    connection.on("error", () => undefined);
    void (async () => connection.end(JSON.stringify(await answer(options, await json(connection)))))();
  });
  await listen(server, socket);
  const path = join(options.folder, "bin");
  const client = join(import.meta.dirname, "gateClient.ts");
  const words = [process.execPath, "--disable-warning=ExperimentalWarning", client, socket].map(quoted).join(" ");
  const bash = join(path, "bash");
  await writeFile(bash, `#!/bin/sh\nexec ${words} "$@"\n`);
  await chmod(bash, 0o700);
  return { path, close: () => server.close() };
}

/** Runs what may be run; every refusal is an answer too, so that a model can go another way. */
async function answer(options: GateOptions, question: unknown): Promise<Answer> {
  const command = String(question);
  const checked = checkCommand(command);
  if ("refusal" in checked) {
    options.refused(command);
    return { code: 1, stdout: "", stderr: `${checked.refusal}\n` };
  }
  const env = { KUBECONFIG: options.kubeconfig, HOME: options.folder, KUBERC: "off" };
  const result = await run(options.kubectl, checked.args, { env, allowFailure: true, timeoutMs: commandTimeout });
  // Names stand in everything but logs, and a short secret may be equal to one.
  const mask = checked.args.includes("logs") ? options.masks.inText : options.masks.everywhere;
  const told = (text: string): string => shortened(mask(text));
  return { code: result.code, stdout: told(result.stdout), stderr: told(result.stderr) };
}

function shortened(text: string): string {
  const left = text.length - longestOutput;
  return left <= 0 ? text : `${text.slice(0, longestOutput)}\n(${left} more characters)\n`;
}

function listen(server: Server, socket: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(socket, resolve);
  });
}

/** One word for a POSIX shell. */
const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
