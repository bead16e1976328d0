import { join } from "node:path";
import type { Log } from "../../commands/support/log.ts";
import type { Machine } from "../../commands/support/machine.ts";
import { prepareEngine } from "../../commands/testing/container.ts";
import { Checkout } from "./checkout.ts";
import { type BenchCluster, startCluster } from "./cluster.ts";
import { Commands } from "./commands.ts";
import { type Deployment, deploy } from "./deployment.ts";
import { type Edit, Editor } from "./edits.ts";

/** Settings of a person's own deployments, which the benchmark's must not meet. */
const notOurs = /^(PULUMI_(BACKEND_URL|CONFIG_PASSPHRASE.*|STACK)|KUBECONFIG|TODO_STACK_(WAY|SANDBOX.*))$/;

/** What the figures are measured with, each part made when it is first asked for, and all of it taken away again. */
export class Surroundings {
  /** What deployed, once something did. */
  deployedBy: string | undefined;
  private readonly host: Machine;
  private readonly undo: (() => Promise<unknown> | unknown)[] = [];
  private readonly made = new Map<string, Promise<unknown>>();
  private readonly images = new Set<string>();

  constructor(machine: Machine) {
    this.host = machine;
  }

  /** Takes something away at the end, also after an interruption: the last one first. */
  onRemove(undo: () => Promise<unknown> | unknown): void {
    this.undo.push(undo);
  }

  /** Makes something the first time only. */
  once<T>(name: string, make: () => Promise<T>): Promise<T> {
    const made = this.made.get(name) ?? make();
    this.made.set(name, made);
    return made as Promise<T>;
  }

  /** Notes an image that was made here, so that it goes in the end. */
  noteImages(...references: readonly string[]): void {
    for (const reference of references) this.images.add(reference);
  }

  /** A copy of the checkout, and this machine as seen from there: its engine answers and has the base images. */
  async machine(log: Log): Promise<Machine> {
    return this.once("machine", async () => {
      const copy = await this.copy("own");
      const env = Object.fromEntries(Object.entries(this.host.env).filter(([name]) => !notOurs.test(name)));
      const machine = { ...this.host, root: copy.folder, state: join(copy.folder, ".state"), env };
      env.DOCKER_BUILDKIT = "1";
      await prepareEngine(machine, log);
      return machine;
    });
  }

  /** A copy of the checkout: `own` is what is deployed from, `floor` is what plain commands build from. */
  copy(name: "own" | "floor"): Promise<Checkout> {
    return this.once(`copy ${name}`, async () => {
      const copy = await Checkout.of(this.host.root);
      this.onRemove(() => copy.remove());
      return copy;
    });
  }

  /** Edits a copy; the same editor for all who ask, because it knows the line before the first edit. */
  editor(name: "own" | "floor", edit: Edit): Promise<Editor> {
    return this.once(`editor ${name} ${edit.path}`, async () => new Editor(await this.copy(name), edit));
  }

  /** Plain commands in a copy. */
  async commands(name: "own" | "floor", log: Log): Promise<Commands> {
    const { env } = await this.machine(log);
    return new Commands(env, (await this.copy(name)).folder);
  }

  /** The benchmark's own cluster. */
  cluster(log: Log): Promise<BenchCluster> {
    return this.once("cluster", () => startCluster(this, log));
  }

  /** The application, deployed on it from the copy. */
  deployment(log: Log): Promise<Deployment> {
    return this.once("deployment", () => deploy(this, log));
  }

  /** Takes everything away; what cannot be taken away is told, and the rest still goes. Images last: others may use them. */
  async remove(): Promise<void> {
    for (const undo of this.undo.splice(0).toReversed()) {
      await Promise.resolve()
        .then(undo)
        .catch((error: unknown) => this.host.log(`Not taken away: ${String(error)}`));
    }
    if (this.images.size === 0) return;
    const commands = new Commands(this.host.env, this.host.root);
    await commands.cleanUp("docker", "image", "rm", "--force", ...this.images);
  }
}
