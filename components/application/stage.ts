import { createHash } from "node:crypto";
import type { Dirent } from "node:fs";
import {
  chmod,
  lstat,
  lutimes,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import type { ContextFile } from "../image/contextFiles.ts";

/**
 * Makes a folder hold exactly these files: what is equal already is left alone, what is more is removed. Modes are those of
 * git, whatever umask the checkout was made under.
 *
 * @param target - The folder; it is made where it is missing.
 */
export async function stage(target: string, files: readonly ContextFile[]): Promise<void> {
  await mkdir(target, { recursive: true });
  const folders = new Set(files.flatMap(({ path }) => foldersOf(path)));
  await removeOthers(target, { files: new Set(files.map(({ path }) => path)), folders });
  for (const folder of folders) await mkdir(join(target, folder), { recursive: true });
  // Beside the folder, so that nobody who reads it sees a file that is half written; a preview may run beside an update.
  const halves = await mkdtemp(`${target}-`);
  try {
    await Promise.all(files.map((file, index) => put(join(target, file.path), join(halves, String(index)), file)));
  } finally {
    await rm(halves, { recursive: true });
  }
}

/** The folders above a file, from the outermost in. */
function foldersOf(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

/** What somebody else removes meanwhile has no entries. */
async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

interface Wanted {
  readonly files: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
}

async function removeOthers(target: string, wanted: Wanted, below = ""): Promise<void> {
  for (const entry of await entriesOf(join(target, below))) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    const isWanted = (entry.isDirectory() ? wanted.folders : wanted.files).has(path);
    if (!isWanted) await rm(join(target, path), { recursive: true, force: true });
    else if (entry.isDirectory()) await removeOthers(target, wanted, path);
  }
}

async function put(target: string, half: string, { kind, content }: ContextFile): Promise<void> {
  if (await isThere(target, kind, content)) return;
  if (kind === "link") await symlink(content.toString("utf8"), half);
  else {
    await writeFile(half, content);
    await chmod(half, modeOf(kind));
  }
  const time = timeOf(content);
  await lutimes(half, time, time);
  await rename(half, target);
}

const modeOf = (kind: ContextFile["kind"]): number => (kind === "executable" ? 0o755 : 0o644);

async function isThere(target: string, kind: ContextFile["kind"], content: Buffer): Promise<boolean> {
  try {
    const stats = await lstat(target);
    if (kind === "link") return stats.isSymbolicLink() && (await readlink(target)) === content.toString("utf8");
    return stats.isFile() && (stats.mode & 0o777) === modeOf(kind) && (await readFile(target)).equals(content);
  } catch {
    return false;
  }
}

/** Equal content makes equal layers, and what servers make of a file's time, such as an entity tag, differs with the content. */
function timeOf(content: Buffer): number {
  return 1_000_000_000 + (createHash("sha256").update(content).digest().readUInt32BE(0) % 500_000_000);
}
