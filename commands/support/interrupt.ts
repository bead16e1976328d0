import { type ChildProcess, spawnSync } from "node:child_process";

const children = new Map<ChildProcess, Promise<unknown>>();
const cleanups: (() => Promise<void> | void)[] = [];
let interrupted = false;
let interruptedAt = 0;
let offer: Offer | undefined;
let accept: (() => void) | undefined;

/** What a person may ask for by a second Ctrl-C, when the first one has ended what ran. */
export interface Offer {
  /** Says what a second Ctrl-C does. */
  readonly text: string;
  /** How long it stands, in milliseconds. */
  readonly milliseconds: number;
  /** Does it. */
  readonly act: () => void;
}

/** Makes an offer for the end of this command. It is for a person at a terminal. */
export function offerAtInterrupt(made: Offer): void {
  offer = made;
}

/** A signal to a whole process group comes twice, once passed on by the parent; what follows later is meant. */
const SAME_SIGNAL_MS = 1000;

/** Comes back at once, or never when the process is being interrupted. */
export function interruption(): Promise<void> {
  return interrupted ? new Promise(() => undefined) : Promise.resolve();
}

/** Notes a child as running until it has ended, so that an interruption reaches it and waits for it. */
export async function whileRunning<T>(child: ChildProcess, ended: Promise<T>): Promise<T> {
  children.set(child, ended);
  try {
    return await ended;
  } finally {
    children.delete(child);
  }
}

/**
 * Runs work and then its clean-up, also where the process is interrupted meanwhile.
 *
 * @param cleanup - Must use `run` with `cleanup: true`.
 */
export async function withCleanup<T>(work: () => Promise<T>, cleanup: () => Promise<void> | void): Promise<T> {
  cleanups.push(cleanup);
  try {
    return await work();
  } finally {
    await interruption();
    cleanups.splice(cleanups.indexOf(cleanup), 1);
    await cleanup();
  }
}

/**
 * Lets Ctrl-C and SIGTERM end the process in order: children first, then the clean-ups, the last one registered first.
 * A second signal ends it at once, unless there is an offer by then, which it accepts.
 */
export function handleSignals(say: (line: string) => void): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (interrupted && Date.now() - interruptedAt > SAME_SIGNAL_MS) (accept ?? endNow)();
      if (interrupted) return;
      interrupted = true;
      interruptedAt = Date.now();
      void endInOrder(signal, say);
    });
  }
}

async function endInOrder(signal: "SIGINT" | "SIGTERM" | "SIGHUP", say: (line: string) => void): Promise<void> {
  say("\nInterrupted: ending what runs (once more ends it at once).");
  // A terminal's Ctrl-C has reached the children already, and a second one would make some of them stop halfway.
  const reached = signal === "SIGINT" && process.stdin.isTTY === true;
  if (!reached) for (const pid of ownChildren()) process.kill(pid, signal);
  await Promise.allSettled(children.values());
  for (const cleanup of cleanups.toReversed())
    await Promise.resolve(cleanup()).catch((error: unknown) => say(String(error)));
  if (offer !== undefined && signal === "SIGINT") await stand(offer, say);
  else say("Nothing is lost; run the same command again to go on.");
  process.exit(signal === "SIGTERM" ? 143 : 130);
}

/** Lets an offer stand for a while; a Ctrl-C within it accepts. */
async function stand({ text, milliseconds, act }: Offer, say: (line: string) => void): Promise<void> {
  say(text);
  const accepted = await new Promise<boolean>((resolve) => {
    accept = () => resolve(true);
    setTimeout(() => resolve(false), milliseconds);
  });
  accept = () => undefined;
  if (accepted) act();
}

function endNow(): never {
  for (const child of children.keys()) child.kill("SIGKILL");
  process.exit(130);
}

/** Children in this process's group, also those that other rooms started; detached ones are meant to stay. */
function ownChildren(): readonly number[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid=,pgid="], { encoding: "utf8" });
  const rows = (stdout ?? "").split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const group = rows.find(([pid]) => pid === process.pid)?.[2];
  const found = rows.filter(([pid, parent, pgid]) => parent === process.pid && pgid === group && isThere(pid));
  return found.map(([pid]) => pid ?? 0);
}

function isThere(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
}
