import { execFile } from "node:child_process";
import { promisify } from "node:util";

/**
 * The files of the work tree that differ from the last commit, untracked ones included.
 *
 * @returns `undefined` where there is no git or no repository, as in an unpacked archive: then nothing can be told.
 */
export async function uncommittedFiles(folder: string): Promise<string[] | undefined> {
  try {
    const { stdout } = await promisify(execFile)("git", ["status", "--porcelain", "-z", "."], { cwd: folder });
    // "XY path"; of a renamed file, the old path follows as an entry of its own.
    return stdout
      .split("\0")
      .filter((entry) => /^.{2} /.test(entry))
      .map((entry) => entry.slice(3));
  } catch {
    return undefined;
  }
}
