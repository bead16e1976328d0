import { findContainer } from "./cluster/container.ts";
import { kubeconfigPath } from "./cluster/kubeconfig.ts";
import { unreadiness } from "./cluster/readiness.ts";
import { clusterNames } from "./cluster/removeCluster.ts";
import {
  defaultSettings,
  ensureBaseImages,
  ensureCluster,
  ensureEngine,
  removeAll,
  removeCluster,
  toolFromSource,
  UserError,
} from "./index.ts";

const USAGE = `usage: node sandbox/cli.ts <command>
  up             start the sandbox, and make what it needs: engine, base images, node
  down           remove the sandbox
  down --all     remove all sandboxes, and stop the engine if the sandbox started it
  down --images  the same, and the base images and the node image
  status         what there is
  tools          compile kubectl, Helm 3, Helm 4, k6 and actionlint and print where they are
The environment chooses another one: TODO_STACK_SANDBOX (name), TODO_STACK_SANDBOX_PORT (first of ten ports).`;

const log = (line: string): void => console.error(line);

async function up(): Promise<void> {
  const settings = defaultSettings();
  await ensureEngine(log);
  await ensureBaseImages(log);
  const cluster = await ensureCluster(settings, log);
  console.log(`export KUBECONFIG=${cluster.kubeconfig}`);
}

async function down(flags: readonly string[]): Promise<void> {
  if (flags.includes("--images")) return removeAll(log, { images: true });
  if (flags.includes("--all")) return removeAll(log);
  return removeCluster(defaultSettings().name, log);
}

async function status(): Promise<void> {
  const names = await clusterNames();
  if (names.length === 0) console.log("There is no sandbox: node sandbox/cli.ts up");
  for (const name of names) {
    const running = (await findContainer(name))?.State.Running;
    const problem = running ? await unreadiness(name) : "stopped";
    console.log(`${name}: ${problem ?? "ready"}, kubeconfig ${kubeconfigPath(name)}`);
  }
}

async function tools(): Promise<void> {
  for (const tool of ["kubectl", "helm3", "helm4", "k6", "actionlint"] as const)
    console.log(await toolFromSource(tool, log));
}

const commands: Record<string, (flags: readonly string[]) => Promise<void>> = { up, down, status, tools };

try {
  const [name, ...flags] = process.argv.slice(2);
  const command = commands[name ?? ""];
  if (!command) throw new UserError(USAGE);
  await command(flags);
} catch (error) {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
}
