import type { Log } from "../../commands/support/log.ts";
import { findOnPath } from "../../commands/tools/install.ts";
import { type BenchCluster, ports, sandbox } from "./cluster.ts";
import type { Commands } from "./commands.ts";
import type { Surroundings } from "./surroundings.ts";

/** The namespace of the local stack, and its release. */
export const [namespace, release] = ["todo", "todo"];

/** The application on the benchmark's cluster, and the commands that reach both. */
export interface Deployment {
  readonly cluster: BenchCluster;
  readonly url: string;
  /** Commands in the copy that is deployed. */
  readonly own: Commands;
  /** Commands in the copy of the floor. */
  readonly floor: Commands;
  /** The Pulumi CLI, where this machine has one. */
  readonly pulumi: string | undefined;
}

/** Deploys by `npm run up` from the copy. */
export async function deploy(surroundings: Surroundings, log: Log): Promise<Deployment> {
  const cluster = await surroundings.cluster(log);
  const machine = await surroundings.machine(log);
  const [copy] = await Promise.all([surroundings.copy("own"), surroundings.copy("floor")]);
  copy.configure({ nodePort: ports.page });
  Object.assign(machine.env, {
    TODO_STACK_WAY: "sandbox",
    TODO_STACK_SANDBOX: sandbox.name,
    TODO_STACK_SANDBOX_PORT: String(sandbox.firstPort),
    KUBECONFIG: cluster.kubeconfig,
  });
  const [own, floor] = [await surroundings.commands("own", log), await surroundings.commands("floor", log)];
  const before = new Set(await builtImages(own));
  log("npm run up, for the first time");
  await own.run("npm", "run", "--silent", "up");
  const deployment = {
    cluster,
    url: `http://127.0.0.1:${ports.page}`,
    own,
    floor,
    pulumi: findOnPath(machine.env, "pulumi"),
  };
  surroundings.deployedBy = deployment.pulumi === undefined ? "the sandbox's runner" : "the Pulumi CLI";
  surroundings.noteImages(...(await deployedImages(deployment)).filter((image) => !before.has(image)));
  return deployment;
}

/** kubectl in the namespace of the stack. */
export function kubectl({ cluster, floor }: Deployment, ...args: readonly string[]): Promise<string> {
  return floor.run(cluster.kubectl, "--context", cluster.target.context, "--namespace", namespace, ...args);
}

/** helm in the namespace of the stack. */
export function helm({ cluster, floor }: Deployment, ...args: readonly string[]): Promise<string> {
  return floor.run(cluster.helm, "--kube-context", cluster.target.context, "--namespace", namespace, ...args);
}

/** A Service for the API's pods on a port of this machine; the chart's own cannot be reached from outside of the cluster. */
export async function exposeBackend(deployment: Deployment): Promise<void> {
  const { cluster, floor } = deployment;
  const spec = {
    type: "NodePort",
    selector: { "app.kubernetes.io/instance": release, "app.kubernetes.io/component": "backend" },
    ports: [{ port: 8000, targetPort: "http", nodePort: ports.backend }],
  };
  const service = { apiVersion: "v1", kind: "Service", metadata: { name: "bench", namespace }, spec };
  const apply = ["--context", cluster.target.context, "apply", "--filename", "-"];
  await floor.feed(JSON.stringify(service), cluster.kubectl, ...apply);
}

/** The application images that the deployment runs on now. */
export async function deployedImages(deployment: Deployment): Promise<string[]> {
  const path = "jsonpath={range .items[*]}{.spec.template.spec.containers[0].image}{'\\n'}{end}";
  const listed = await kubectl(deployment, "get", "deployments", "--output", path);
  return listed.split("\n").filter((image) => image !== "");
}

async function builtImages(commands: Commands): Promise<string[]> {
  const listed = await commands.run("docker", "images", "--format", "{{.Repository}}:{{.Tag}}");
  return listed.split("\n").filter((image) => image !== "");
}
