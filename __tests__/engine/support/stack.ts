import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe } from "@jest/globals";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation/index.js";
import { Deployment } from "../../e2e/support/deployment.ts";

/** The suites' tests, listed as skipped where there is no Pulumi CLI. */
export const describeEngine = process.env.PULUMI === undefined ? describe.skip : describe;

/** A change as people name it: `update Release release`. */
export type Change = string;

/** What an operation came to. */
export interface Operation {
  readonly changes: readonly Change[];
  /** Everything that was printed. */
  readonly output: string;
}

/** What happens to a resource that stays as it is. */
const unchanged = new Set(["same", "read", "refresh"]);

/** The deployed stack under the real engine: Pulumi's Automation API on the suites' backend. */
export class EngineStack extends Deployment {
  private readonly name: string;
  private opened: Stack | undefined;

  constructor(name = "local", namespace = "todo") {
    super(namespace);
    this.name = name;
  }

  /** The stack itself, for what is asked of it directly. */
  async stack(): Promise<Stack> {
    this.opened ??= await LocalWorkspace.createOrSelectStack({
      stackName: this.name,
      workDir: this.checkout.folder,
    });
    return this.opened;
  }

  /** `pulumi preview`, which may leave a plan in a file. */
  preview(options: { plan?: string } = {}): Promise<Operation> {
    return this.run(async (stack, handlers) => void (await stack.preview({ ...options, ...handlers })));
  }

  /** `pulumi up`; rejects with all that was printed where it fails. */
  up(options: { replace?: string[] } = {}): Promise<Operation> {
    return this.run(async (stack, handlers) => void (await stack.up({ ...options, ...handlers })));
  }

  /** `pulumi refresh`. */
  refresh(): Promise<Operation> {
    return this.run(async (stack, handlers) => void (await stack.refresh(handlers)));
  }

  /** `pulumi destroy`. */
  destroy(): Promise<Operation> {
    return this.run(async (stack, handlers) => void (await stack.destroy(handlers)));
  }

  /** The state as `pulumi stack export` prints it; the Automation API would have its secrets shown. */
  exportedState(): Promise<string> {
    return this.pulumi("stack", "export");
  }

  /** What a command of the CLI prints of the stack. */
  async pulumi(...args: readonly string[]): Promise<string> {
    const all = [...args, "--stack", this.name];
    const { stdout } = await promisify(execFile)("pulumi", all, { cwd: this.checkout.folder, maxBuffer: 2 ** 26 });
    return stdout;
  }

  /** One key of whichever Secret of the namespace has it, in plain text. */
  async secretValue(key: string): Promise<string> {
    const { items } = JSON.parse(await this.kubectl("get", "secrets", "--output", "json")) as {
      items: { data?: Record<string, string> }[];
    };
    const found = items.flatMap(({ data }) => data?.[key] ?? []);
    return Buffer.from(found.at(-1) ?? "", "base64").toString("utf8");
  }

  /** Makes the state forget everything, as a lost file would; a new stack of the same name takes its place. */
  async loseState(): Promise<void> {
    const stack = await this.stack();
    await stack.workspace.removeStack(this.name, { force: true, preserveConfig: true });
    this.opened = undefined;
  }

  private async run(work: (stack: Stack, handlers: Handlers) => Promise<void>): Promise<Operation> {
    const changes: Change[] = [];
    const printed: string[] = [];
    await work(await this.stack(), {
      onOutput: (text) => printed.push(text),
      onEvent: (event) => changes.push(...changeOf(event)),
    });
    return { changes: changes.sort(), output: printed.join("") };
  }
}

interface Handlers {
  readonly onOutput: (text: string) => void;
  readonly onEvent: (event: EngineEvent) => void;
}

function isDefaultProvider(type: string, urn: string): boolean {
  return type.startsWith("pulumi:providers:") && urn.includes("::default");
}

function changeOf({ resourcePreEvent }: EngineEvent): Change[] {
  if (resourcePreEvent === undefined) return [];
  const { op, type, urn } = resourcePreEvent.metadata;
  // A default provider takes the stack's configuration; the CLI shows neither it nor its changes.
  if (unchanged.has(op) || type === "pulumi:pulumi:Stack" || isDefaultProvider(type, urn)) return [];
  return [`${op} ${type.split(/[:/]/).at(-1)} ${urn.split("::").at(-1)}`];
}
