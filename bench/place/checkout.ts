import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseDocument } from "yaml";
import { run } from "../../commands/support/run.ts";

/** A copy of what git knows of a working tree: the benchmark edits the copy, never a person's files. */
export class Checkout {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Copies a working tree with its uncommitted edits; installed packages are shared with it. */
  static async of(root: string): Promise<Checkout> {
    const { stdout } = await run("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
      cwd: root,
    });
    const folder = mkdtempSync(join(tmpdir(), "todo-stack-bench-"));
    for (const path of stdout.split("\0").filter(Boolean)) {
      if (lstatSync(join(root, path), { throwIfNoEntry: false }) === undefined) continue;
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      cpSync(join(root, path), join(folder, path), { verbatimSymlinks: true });
    }
    const packages = join(root, "node_modules");
    if (existsSync(packages)) symlinkSync(packages, join(folder, "node_modules"));
    return new Checkout(folder);
  }

  /** Sets keys of the local stack. */
  configure(values: Readonly<Record<string, unknown>>): void {
    const file = join(this.folder, "Pulumi.local.yaml");
    const document = parseDocument(readFileSync(file, "utf8"));
    for (const [key, value] of Object.entries(values)) {
      document.deleteIn(["config", key]);
      document.setIn(["config", `todo-stack:${key}`], value);
    }
    writeFileSync(file, document.toString());
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  write(path: string, text: string): void {
    writeFileSync(join(this.folder, path), text);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
