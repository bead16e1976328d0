import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Runner, Sandbox } from "../../../commands/deploy/rooms.ts";
import { makeLog } from "../../../commands/support/log.ts";
import type { Machine } from "../../../commands/support/machine.ts";
import { standIns } from "./standIns.ts";

/** A machine in a temporary folder: an empty checkout, an empty cache, and a PATH with stand-ins alone. */
export class TestMachine {
  readonly folder = mkdtempSync(join(tmpdir(), "todo-stack-commands-"));
  readonly machine: Machine;
  private readonly printed: string[] = [];

  constructor(changes: Partial<Machine> = {}) {
    const root = join(this.folder, "checkout");
    mkdirSync(root);
    mkdirSync(join(this.folder, "bin"));
    this.writeCheckout(root);
    for (const tool of ["tar", "gzip"]) symlinkSync(findSystemTool(tool), join(this.folder, "bin", tool));
    this.machine = {
      root,
      cache: join(this.folder, "cache"),
      state: join(root, ".state"),
      env: { PATH: join(this.folder, "bin"), HOME: this.folder, STAND_INS: this.folder },
      platform: "linux",
      arch: "x64",
      isRoot: false,
      log: makeLog({ write: (text: string) => this.printed.push(text) }),
      interactive: false,
      colours: false,
      fetch: async () => {
        throw new TypeError("fetch failed", { cause: new Error("getaddrinfo ENOTFOUND") });
      },
      statusOf: async (url) => (await this.machine.fetch(url)).status,
      freeBytes: async () => 50e9,
      sandbox: refuse,
      runner: refuse,
      ...changes,
    };
  }

  /** Puts stand-ins on PATH; they note each call with its arguments. */
  install(...names: (keyof typeof standIns)[]): void {
    for (const name of names) this.write(join("bin", name), standIns[name]);
    for (const name of names) chmodSync(join(this.folder, "bin", name), 0o755);
  }

  uninstall(name: keyof typeof standIns): void {
    rmSync(join(this.folder, "bin", name));
  }

  /** A file that a stand-in reads, or a marker that it makes. */
  write(path: string, content: string): void {
    writeFileSync(join(this.folder, path), content);
  }

  /** Makes a kubeconfig, and a context of it that leads to a server. */
  pointContext(name: string, server: string): void {
    const clusters = [{ name, cluster: { server } }];
    this.write("kubeconfig", JSON.stringify({ clusters, contexts: [{ name, context: { cluster: name } }] }));
    this.machine.env.KUBECONFIG = join(this.folder, "kubeconfig");
  }

  makeExecutable(path: string): void {
    chmodSync(join(this.folder, path), 0o755);
  }

  has(path: string): boolean {
    return existsSync(join(this.folder, path));
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  remove(path: string): void {
    rmSync(join(this.folder, path), { recursive: true, force: true });
  }

  /** The calls of stand-ins so far, without those that only ask. */
  calls(): string[] {
    const asking =
      /^((pulumi|helm) version|pulumi stack (history|output|export)|minikube (version|status)|docker (info|ps)|kubectl version|kubectl .* get pods)/;
    if (!this.has("calls")) return [];
    return this.read("calls")
      .trimEnd()
      .split("\n")
      .filter((call) => !asking.test(call));
  }

  /** What was printed, as lines. */
  lines(): string[] {
    return this.printed.join("").trimEnd().split("\n");
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private writeCheckout(root: string): void {
    writeFileSync(
      join(root, "Pulumi.yaml"),
      "name: todo-stack\nruntime: nodejs\nconfig:\n  nodePort:\n    type: integer\n    default: 30080\n",
    );
    writeFileSync(join(root, "Pulumi.local.yaml"), localStack);
    writeFileSync(join(root, "Pulumi.prod.yaml"), productionStack);
  }
}

/** The committed file of the local stack; its port is one that no other test uses. */
export const localStack = "# Kept as it is.\nconfig:\n  todo-stack:context: minikube\n  todo-stack:nodePort: 30977\n";

/** The committed file of a production stack with all that it needs; the database's address is encrypted. */
export const productionStack = `config:
  todo-stack:context: far-away
  todo-stack:registry: ghcr.io/acme
  todo-stack:host: todo.example.com
  todo-stack:databaseUrl:
    secure: v1:AAAAAAAAAAAAAAAA:CCCC
`;

/** Where the page of the local stack is. */
export const pageUrl = "http://127.0.0.1:30977";

/** A fetch that knows some addresses; every other one is out of reach. */
export function fetchOf(answers: (url: string) => number | undefined): typeof fetch {
  return async (input) => {
    const status = answers(String(input));
    if (status === undefined) throw new TypeError("fetch failed", { cause: new Error("getaddrinfo ENOTFOUND") });
    return new Response(null, { status });
  };
}

/** Docker Hub answers, and the page as soon as the stand-in has deployed it. */
export function fetchWhereDeployed(on: () => TestMachine): typeof fetch {
  return fetchOf((url) => {
    if (url.includes("docker.io")) return 401;
    return url.startsWith(pageUrl) && on().has("deployed") ? 200 : undefined;
  });
}

function refuse(): Promise<Sandbox & Runner> {
  throw new Error("the sandbox is not to be used here");
}

function findSystemTool(name: string): string {
  const found = ["/usr/bin", "/bin"].map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`this machine has no ${name}`);
  return found;
}
