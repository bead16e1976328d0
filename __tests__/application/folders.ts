import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Texts by path. */
export type Files = Readonly<Record<string, string>>;

/** Applications that a test writes, each in a folder of its own, removed by `clear`. */
export class Folders {
  readonly #made: string[] = [];

  /** Writes files, by path and text, and gives back the folder that holds them. */
  write(files: Files): string {
    const folder = mkdtempSync(join(tmpdir(), "todo-stack-application-"));
    this.#made.push(folder);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return folder;
  }

  clear(): void {
    for (const folder of this.#made.splice(0)) rmSync(folder, { recursive: true, force: true });
  }
}
