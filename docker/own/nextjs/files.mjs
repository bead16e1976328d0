// What both kinds of image do with their files.
import { createHash } from "node:crypto";
import { chmodSync, lstatSync, lutimesSync, readdirSync, readFileSync, utimesSync } from "node:fs";
import { join } from "node:path";

/** Every file below a folder. */
export function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

/**
 * Gives a file the time that its content has, in place of the moment of the build: equal sources make equal layers. Servers
 * make entity tags of time and size, so other content of the same size needs another. All lie in the 1970s.
 */
export function stampByContent(file) {
  const seconds = Number.parseInt(createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 7), 16);
  utimesSync(file, seconds, seconds);
}

/** The time of every other file, in seconds: any but 0, which Next takes for a page that was made just now. */
const SETTLED_SECONDS = 1_000_000_000;

/** Makes everything at and below a path readable to every user, and gives it one time, but for files that have their own. */
export function settle(path, keepsTime = () => false) {
  const stats = lstatSync(path);
  if (!stats.isSymbolicLink()) chmodSync(path, stats.isDirectory() || stats.mode & 0o100 ? 0o755 : 0o644);
  if (stats.isDirectory()) for (const name of readdirSync(path)) settle(join(path, name), keepsTime);
  if (!keepsTime(path)) lutimesSync(path, SETTLED_SECONDS, SETTLED_SECONDS);
}
