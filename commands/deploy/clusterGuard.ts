import { setTimeout as sleep } from "node:timers/promises";
import { checkCluster } from "../../components/cluster/checkCluster.ts";
import { checkIdentity, type IdentityInputs } from "../../components/cluster/identityHandler.ts";
import { type ContextFacts, findContext, kubeconfigPaths } from "../../components/cluster/kubeconfig.ts";
import { isTerminating, type ReachedCluster, reachCluster, readNamespace } from "../../components/cluster/reach.ts";
import { UserError } from "../support/errors.ts";
import type { Machine } from "../support/machine.ts";
import { run } from "../support/run.ts";
import type { PulumiStack } from "./pulumi.ts";
import type { StackSettings } from "./settings.ts";

/** A resource as `pulumi stack export` has it. */
interface ExportedResource {
  readonly type: string;
  readonly inputs?: unknown;
}

/**
 * The program refuses a wrong cluster itself, but after a refresh that does not run with it, such as a destroy's: on another
 * cluster that finds nothing of the stack, and the state forgets it. So the commands look before they call the CLI.
 *
 * @throws UserError where the stack's context leads to a cluster that the stack does not mean.
 */
export async function guardBeforeRefresh(machine: Machine, settings: StackSettings, stack: PulumiStack): Promise<void> {
  const facts = findContext(kubeconfigPaths(machine.env.KUBECONFIG), settings.context);
  if (facts === undefined) return;
  if (!settings.production) guardLocal(settings, facts);
  // A cluster that does not answer is the program's to tell.
  const cluster = await reachCluster(facts).catch(() => undefined);
  if (cluster === undefined) return;
  if (settings.production)
    await guardIdentity(machine, { context: facts.name, server: facts.server, uid: cluster.uid }, stack);
  await awaitNamespace(machine, settings, cluster);
}

/** How long Kubernetes may take to delete a namespace, in milliseconds. */
const deletionTimeout = 120_000;

/** A namespace on its way out would be taken for one that is there. */
async function awaitNamespace(machine: Machine, { namespace }: StackSettings, { api }: ReachedCluster): Promise<void> {
  const goes = async (): Promise<boolean> => isTerminating(await readNamespace(api, namespace));
  if (!(await goes())) return;
  await machine.log.step(`The namespace "${namespace}" is being deleted; waiting for it`, async () => {
    const until = Date.now() + deletionTimeout;
    while (Date.now() < until && (await goes())) await sleep(1000);
  });
}

function guardLocal({ stack, context }: StackSettings, facts: ContextFacts): void {
  const refusal = checkCluster({ stack, context, profile: "local" }, facts, false);
  if (refusal !== undefined) throw new UserError(refusal);
}

async function guardIdentity(machine: Machine, now: IdentityInputs, stack: PulumiStack): Promise<void> {
  const refusal = checkIdentity(await readIdentity(machine, stack), now);
  if (refusal !== undefined) throw new UserError(refusal);
}

async function readIdentity(machine: Machine, { pulumi, stack }: PulumiStack): Promise<IdentityInputs | undefined> {
  const args = ["stack", "export", "--stack", stack];
  const { stdout } = await run(pulumi, args, { cwd: machine.root, env: machine.env });
  const { deployment } = JSON.parse(stdout) as { deployment?: { resources?: ExportedResource[] } };
  const found = deployment?.resources?.find(({ type }) => type.endsWith("todo-stack:ClusterIdentity"));
  return found?.inputs as IdentityInputs | undefined;
}
