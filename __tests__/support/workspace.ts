import { appendFileSync, chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { ApiServer } from "./apiServer.ts";

/** The API server that the workspace's kubeconfig leads to. */
export const apiServer = await ApiServer.start();

/** The repository's root. */
export const root = join(import.meta.dirname, "..", "..");

const left = new Set(["node_modules", ".next", "out", ".venv", "__pycache__"]);

/** A copy of what the program reads, in a folder of its own: a test edits it as a person edits the repository. */
export class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), "todo-stack-test-"));
  readonly #before = process.cwd();

  constructor() {
    for (const part of ["apps", "chart", "docker"]) {
      const filter = (path: string) => !left.has(basename(path));
      cpSync(join(root, part), join(this.folder, part), { recursive: true, filter });
    }
    apiServer.reset();
    this.writeKubeconfig({ minikube: apiServer.url });
    process.chdir(this.folder);
  }

  /** Adds a line to a file. */
  edit(path: string, line: string): void {
    appendFileSync(join(this.folder, path), `${line}\n`);
  }

  /** Writes a file of any content. */
  write(path: string, content: string): void {
    writeFileSync(join(this.folder, path), content);
  }

  /** Changes a file's mode. */
  chmod(path: string, mode: number): void {
    chmodSync(join(this.folder, path), mode);
  }

  /** Makes the kubeconfig that `KUBECONFIG` names hold just these contexts, each with its server. */
  writeKubeconfig(servers: Readonly<Record<string, string>>): void {
    const names = Object.keys(servers);
    const kubeconfig = {
      clusters: names.map((name) => ({ name, cluster: { server: servers[name] } })),
      contexts: names.map((name) => ({ name, context: { cluster: name } })),
    };
    const path = join(this.folder, "kubeconfig");
    writeFileSync(path, JSON.stringify(kubeconfig));
    process.env.KUBECONFIG = path;
  }

  /** Leaves and removes the copy. */
  remove(): void {
    process.chdir(this.#before);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
