import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

/** Length of keys in file and image names: long enough for a handful of versions, short enough to read. */
const KEY_LENGTH = 12;

/** A short key that changes when any of the texts or their order does. */
export function keyOf(...parts: readonly (string | Buffer)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) {
    hash.update(`${part.length}:`);
    hash.update(part);
  }
  return hash.digest("hex").slice(0, KEY_LENGTH);
}

/** A short key of files, and of folders with all that is in them: paths, contents, and whether they can be executed. */
export async function keyOfFiles(...paths: readonly string[]): Promise<string> {
  const parts: (string | Buffer)[] = [];
  for (const path of paths) {
    for (const file of await filesBelow(path)) {
      const executable = ((await stat(join(path, file))).mode & 0o100) !== 0;
      parts.push(file, executable ? "x" : "-", await readFile(join(path, file)));
    }
  }
  return keyOf(...parts);
}

async function filesBelow(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [""];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .sort();
}
