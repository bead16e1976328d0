import { ClusterApi } from "../../components/cluster/api.ts";
import { type ContextFacts, findContext } from "../../components/cluster/kubeconfig.ts";
import type { StackSettings } from "../deploy/settings.ts";
import { findPlace as findStack } from "../diagnose/place.ts";
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
export async function findPlace(machine: Machine, name: string): Promise<Place> {
  const { settings, stack, kubeconfigs } = await findStack(machine, name);
  const context = findContext(kubeconfigs, settings.context);
  if (context === undefined)
    throw new UserError(`No kubeconfig names the context "${settings.context}".`, "Deploy first: npm run up");
  const api = await ClusterApi.of(context).catch((error: Error) => {
    throw new UserError(`The credentials of the context "${context.name}" cannot be had: ${error.message}`);
  });
  return { settings, context, api, kubectl: stack.kubectl };
}
