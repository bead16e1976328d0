import { open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** What linters outside of npm look at, as paths from the checkout's root, sorted. */
export interface Linted {
  readonly dockerfiles: readonly string[];
  readonly scripts: readonly string[];
  readonly workflows: readonly string[];
}

/** Finds every Dockerfile, shell script and workflow among a checkout's own files. */
export async function findLinted(root: string): Promise<Linted> {
  const files = await listOwnFiles(root);
  const scripts = await Promise.all(files.map(async (path) => ((await isScript(root, path)) ? [path] : [])));
  return {
    dockerfiles: files.filter((path) => /(^|[/.])Dockerfile$/.test(path)),
    scripts: scripts.flat(),
    workflows: files.filter((path) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path)),
  };
}

/** Lists the files of a checkout, committed or not, but for folders that git ignores: sorted paths from its root. */
export async function listOwnFiles(root: string): Promise<readonly string[]> {
  return [...(await walk(root, "", await ignoredFolders(root)))].sort();
}

/** The root's own ignore file names folders by a slash at the end. */
async function ignoredFolders(root: string): Promise<ReadonlySet<string>> {
  const lines = (await readFile(join(root, ".gitignore"), "utf8")).split("\n");
  return new Set([".git", ...lines.filter((line) => line.endsWith("/")).map((line) => line.slice(0, -1))]);
}

async function walk(root: string, folder: string, ignored: ReadonlySet<string>): Promise<readonly string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry): Promise<readonly string[]> => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return ignored.has(entry.name) ? [] : walk(root, path, ignored);
      return entry.isFile() ? [path] : [];
    }),
  );
  return found.flat();
}

/** By its name, as what others source, or by its first line, which names sh, bash, dash or ksh. */
async function isScript(root: string, path: string): Promise<boolean> {
  return path.endsWith(".sh") || /^#!.*\b(ba|da|k)?sh\b/.test(await beginning(join(root, path)));
}

/** As much as a first line of interest takes. */
async function beginning(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(80), 0, 80);
    return buffer.toString("latin1", 0, bytesRead);
  } finally {
    await file.close();
  }
}
