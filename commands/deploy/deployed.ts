import { existsSync } from "node:fs";
import { ClusterApi } from "../../components/cluster/api.ts";
import { type ContextFacts, findContext, kubeconfigPaths } from "../../components/cluster/kubeconfig.ts";
import { codeOf, UserError } from "../support/errors.ts";
import type { Machine } from "../support/machine.ts";
import { sandboxKubeconfig } from "./cluster.ts";
import { type DeploymentRecord, readRecord } from "./record.ts";
import { readSettings, type StackSettings } from "./settings.ts";

/** A stack as its last `up` left it, for commands that look at it. */
export interface DeployedStack {
  /** As that `up` had them: in the sandbox, context and port are other ones than in the committed file. */
  readonly settings: StackSettings;
  /** Absent where another checkout, or a workflow, has deployed the stack. */
  readonly record: DeploymentRecord | undefined;
  readonly api: ClusterApi;
}

/**
 * Finds the cluster that a stack is deployed on; nothing is asked of it, and nothing is started. What is started from here
 * finds it too, by `KUBECONFIG`.
 *
 * @throws UsageError where there is no such stack; UserError where it is not deployed.
 */
export async function openDeployed(machine: Machine, stack: string): Promise<DeployedStack> {
  const configured = await readSettings(machine.root, stack);
  const record = await readRecord(machine, stack);
  const settings = record === undefined ? configured : await effectiveSettings(machine, configured);
  if (record?.cluster === "sandbox") machine.env.KUBECONFIG = sandboxKubeconfig(machine, settings.context);
  const facts = findContext(kubeconfigPaths(machine.env.KUBECONFIG), settings.context);
  if (facts === undefined) throw notThere(settings, record);
  return { settings, record, api: await ClusterApi.of(facts).catch((error: unknown) => refuse(facts, error)) };
}

/** What the last `up` wrote beside its state. */
async function effectiveSettings(machine: Machine, configured: StackSettings): Promise<StackSettings> {
  const written = existsSync(`${machine.state}/Pulumi.${configured.stack}.yaml`);
  return written ? readSettings(machine.state, configured.stack) : configured;
}

function notThere({ stack, context, production }: StackSettings, record: DeploymentRecord | undefined): UserError {
  const up = stack === "local" ? "npm run up" : `npm run up -- --stack ${stack}`;
  if (record !== undefined)
    return new UserError(`The cluster of context "${context}" is gone.`, `Make it again: ${up}`);
  if (production) {
    return new UserError(
      `No kubeconfig names the context "${context}" of stack "${stack}".`,
      "Add it to the kubeconfig: kubectl config get-contexts",
    );
  }
  return new UserError(`The stack "${stack}" is not deployed from this checkout.`, `Deploy it: ${up}`);
}

function refuse({ name }: ContextFacts, error: unknown): never {
  throw new UserError(`The credentials of the context "${name}" cannot be had: ${(error as Error).message}`);
}

/** Does what asks a cluster; one that does not answer is told with the way to start it. */
export async function asking<T>({ settings }: Pick<DeployedStack, "settings">, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const why = whyUnreachable(error);
    if (why === undefined) throw error;
    const { context, stack, production } = settings;
    throw new UserError(
      `The cluster of context "${context}" does not answer: ${why}`,
      production
        ? "Check the kubeconfig and the network."
        : `Start it: npm run up${stack === "local" ? "" : ` -- --stack ${stack}`}`,
    );
  }
}

/** An error of the connection, in its own words; `undefined` for what a server has said. */
function whyUnreachable(error: unknown): string | undefined {
  const code = codeOf(error) ?? "";
  const said = String((error as { message?: unknown } | undefined)?.message ?? "");
  return /^E[A-Z]+$|CERT|TLS/.test(code) || said.startsWith("no answer within") ? said || code : undefined;
}

/** The address of a stack's page. */
export function stackUrl({ production, host, nodePort }: StackSettings): string {
  return production ? `https://${host}` : `http://127.0.0.1:${nodePort}`;
}
