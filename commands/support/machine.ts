import { statfs } from "node:fs/promises";
import { join, resolve } from "node:path";
import { cacheFolder } from "../../sandbox/support/cache.ts";
import type { Runner, Sandbox } from "../deploy/rooms.ts";
import { type Log, makeLog } from "./log.ts";
import { statusOf } from "./status.ts";

/** Everything outside the code that the commands depend on, in one place, so that tests can stand in for any of it. */
export interface Machine {
  /** The checkout. */
  readonly root: string;
  /** What can be made again and is shared by all checkouts. */
  readonly cache: string;
  /** What belongs to this checkout: the passphrase, the Pulumi state, locks. Ignored by git. */
  readonly state: string;
  /** The environment of this process and its children; commands put tools on its PATH. */
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly isRoot: boolean;
  readonly log: Log;
  /** Whether a person can be asked. */
  readonly interactive: boolean;
  /** Whether the output shows colours. */
  readonly colours: boolean;
  readonly fetch: typeof fetch;
  readonly statusOf: typeof statusOf;
  /** The free space of the file system that holds a path, in bytes. */
  readonly freeBytes: (path: string) => Promise<number>;
  readonly sandbox: () => Promise<Sandbox>;
  readonly runner: () => Promise<Runner>;
}

/** This machine as it is. */
export function thisMachine(): Machine {
  const root = resolve(import.meta.dirname, "../..");
  return {
    root,
    cache: cacheFolder(process.env),
    state: join(root, ".state"),
    env: process.env,
    platform: process.platform,
    arch: process.arch,
    isRoot: process.getuid?.() === 0,
    log: makeLog(process.stdout),
    interactive: process.stdin.isTTY === true && process.stdout.isTTY === true,
    // A terminal's own answer, which knows NO_COLOR and dumb terminals.
    colours: process.stdout.isTTY === true && process.stdout.hasColors(),
    fetch,
    statusOf,
    freeBytes: async (path) => {
      const { bavail, bsize } = await statfs(path);
      return bavail * bsize;
    },
    sandbox: () => import("../../sandbox/index.ts"),
    runner: () => import("../../sandbox/runner/index.ts"),
  };
}
