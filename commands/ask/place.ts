import { homedir } from "node:os";
import { join } from "node:path";
import { ClusterApi } from "../../components/cluster/api.ts";
import { type ContextFacts, findContext, kubeconfigPaths } from "../../components/cluster/kubeconfig.ts";
import { placeInSandbox, useDeployedCluster } from "../deploy/cluster.ts";
import { readRecord } from "../deploy/record.ts";
import { readSettings, type StackSettings } from "../deploy/settings.ts";
import { UserError } from "../support/errors.ts";
import type { Machine } from "../support/machine.ts";

/** Where a stack was deployed. */
export interface Place {
  readonly settings: StackSettings;
  readonly context: ContextFacts;
  /** With the credentials of the person who asks. */
  readonly api: ClusterApi;
  /** What a command of kubectl begins with, so that it goes there. */
  readonly kubectl: string;
}

/**
 * Finds the cluster of a stack; nothing is started.
 *
 * @throws UserError where no kubeconfig names its context, or its credentials cannot be had.
 */
export async function findPlace(machine: Machine, stack: string): Promise<Place> {
  const configured = await readSettings(machine.root, stack);
  await useDeployedCluster(machine, stack);
  const inSandbox = (await readRecord(machine, stack))?.cluster === "sandbox";
  const settings = inSandbox ? placeInSandbox(machine, configured).moved : configured;
  const kubeconfig = machine.env.KUBECONFIG ?? join(machine.env.HOME ?? homedir(), ".kube", "config");
  const context = findContext(kubeconfigPaths(kubeconfig), settings.context);
  if (context === undefined)
    throw new UserError(`No kubeconfig names the context "${settings.context}".`, "Deploy first: npm run up");
  const api = await ClusterApi.of(context).catch((error: Error) => {
    throw new UserError(`The credentials of the context "${context.name}" cannot be had: ${error.message}`);
  });
  // No kubeconfig of the user names a sandbox.
  const kubectl = `${inSandbox ? `KUBECONFIG=${kubeconfig} ` : ""}kubectl --context ${context.name} -n ${settings.namespace}`;
  return { settings, context, api, kubectl };
}
