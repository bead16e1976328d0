import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { parseIgnoreFile } from "./ignoreFile.ts";

/** One file as the image build sees it. */
export interface ContextFile {
  /** Path below the context folder, with `/`. */
  readonly path: string;
  /** What of the mode counts: as in git, whether it can be executed or is a link; a umask is no difference. */
  readonly kind: "file" | "executable" | "link";
  /** The file's bytes, or the link's target. */
  readonly content: Buffer;
}

/**
 * Reads the files of a build context that an image's own ignore file leaves in it, sorted by path.
 *
 * @param context - The context folder.
 * @param ignoreText - The text of the ignore file.
 */
export async function readContextFiles(context: string, ignoreText: string): Promise<ContextFile[]> {
  const ignoreFile = parseIgnoreFile(ignoreText);
  const files: Promise<ContextFile>[] = [];
  const walk = async (folder: string): Promise<void> => {
    const entries = await readdir(join(context, folder), { withFileTypes: true });
    const folders = entries.map((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return ignoreFile.mayContainIncluded(path) ? walk(path) : undefined;
      if (ignoreFile.includes(path)) files.push(readContextFile(context, path));
      return undefined;
    });
    await Promise.all(folders);
  };
  await walk("");
  return (await Promise.all(files)).sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function readContextFile(context: string, path: string): Promise<ContextFile> {
  const absolute = join(context, path);
  const stats = await lstat(absolute);
  if (stats.isSymbolicLink()) return { path, kind: "link", content: Buffer.from(await readlink(absolute)) };
  return { path, kind: stats.mode & 0o100 ? "executable" : "file", content: await readFile(absolute) };
}
