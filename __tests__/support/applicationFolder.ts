import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** An application on disk, for as long as a test needs it. */
export class ApplicationOnDisk {
  readonly path = mkdtempSync(join(tmpdir(), "todo-stack-application-"));

  /** @param files - Path to text. */
  constructor(files: Readonly<Record<string, string>> = {}) {
    this.write(files);
  }

  /** Adds or replaces files. */
  write(files: Readonly<Record<string, string>>): this {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.path, path)), { recursive: true });
      writeFileSync(join(this.path, path), text);
    }
    return this;
  }

  /** Removes a file or a folder. */
  drop(path: string): this {
    rmSync(join(this.path, path), { recursive: true });
    return this;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
