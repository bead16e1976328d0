import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { parse } from "yaml";
import { Checkout } from "./checkout.ts";

const execute = promisify(execFile);

/** A pod, as far as the suites look at it. */
export interface PodFacts {
  readonly name: string;
  readonly uid: string;
  readonly component: string;
  readonly image: string;
  readonly ready: boolean;
  readonly restarts: number;
}

interface PodObject {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec: { readonly containers: readonly { readonly image: string }[] };
  readonly status: {
    readonly containerStatuses?: readonly { readonly ready: boolean; readonly restartCount: number }[];
  };
}

/** What the suites deployed, and how they look at it: from outside, by kubectl and by helm. */
export class Deployment {
  readonly checkout: Checkout;
  readonly url: string;
  readonly namespace: string;

  constructor(namespace = "todo") {
    this.namespace = namespace;
    const { E2E_FOLDER, E2E_URL } = process.env;
    // A suite that is skipped is declared all the same; what it would ask of this fails where it is asked.
    this.checkout = new Checkout(E2E_FOLDER ?? "");
    this.url = E2E_URL ?? "";
  }

  /** The context that the last `npm run up` deployed to. */
  get context(): string {
    const effective = parse(this.checkout.read(".state/Pulumi.local.yaml")) as { config: Record<string, string> };
    return effective.config["todo-stack:context"] ?? "minikube";
  }

  /** Runs kubectl. A command that the node's runtime could not start in a container is started once more: nothing was done. */
  async kubectl(...args: string[]): Promise<string> {
    const scope = ["--context", this.context, "--namespace", this.namespace];
    const run = () => execute(tool("KUBECTL"), [...scope, ...args], big);
    const { stdout } = await run().catch((error: Error) => {
      if (!error.message.includes("failed to start exec")) throw error;
      return run();
    });
    return stdout;
  }

  async helm(...args: string[]): Promise<string> {
    const scope = ["--kube-context", this.context, "--namespace", this.namespace];
    const { stdout } = await execute(tool("HELM3"), [...scope, ...args], big);
    return stdout;
  }

  /** The pods that are not on their way out. */
  async pods(component?: string): Promise<PodFacts[]> {
    const { items } = JSON.parse(await this.kubectl("get", "pods", "--output", "json")) as { items: PodObject[] };
    return items
      .filter((pod) => pod.metadata.deletionTimestamp === undefined)
      .map(factsOf)
      .filter((pod) => component === undefined || pod.component === component);
  }

  async revision(): Promise<number> {
    const history = JSON.parse(await this.helm("history", "todo", "--output", "json")) as { revision: number }[];
    return history.at(-1)?.revision ?? 0;
  }

  /**
   * A request to the page's address.
   *
   * @throws Error that names the request where there is no answer within 10 s.
   */
  async fetch(path: string, init?: RequestInit): Promise<Response> {
    const signal = AbortSignal.timeout(10_000);
    try {
      return await fetch(`${this.url}${path}`, { ...init, signal });
    } catch (cause) {
      throw new Error(`${init?.method ?? "GET"} ${path}: ${(cause as Error).message}`, { cause });
    }
  }
}

/** Kubernetes' lists are longer than a child process may print by default. */
const big = { maxBuffer: 64 * 1024 * 1024 };

function tool(variable: "KUBECTL" | "HELM3"): string {
  const path = process.env[variable];
  if (path === undefined) throw new Error(`${variable} is not set; run the end-to-end tests with: npm run test:e2e`);
  return path;
}

function factsOf({ metadata, spec, status }: PodObject): PodFacts {
  const states = status.containerStatuses ?? [];
  return {
    name: metadata.name,
    uid: metadata.uid,
    component: metadata.labels["app.kubernetes.io/component"] ?? "",
    image: spec.containers[0]?.image ?? "",
    ready: states.length > 0 && states.every((state) => state.ready),
    restarts: states.reduce((sum, state) => sum + state.restartCount, 0),
  };
}

/** Asks until the answer is there, and fails with the last error where it does not come in time. */
export async function eventually<T>(ask: () => Promise<T>, seconds: number): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > end) throw error;
      await sleep(300);
    }
  }
}
