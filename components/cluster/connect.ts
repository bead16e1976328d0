import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../configuration/configuration.ts";
import { isOwnNamespace } from "../namespace.ts";
import type { ClusterApi } from "./api.ts";
import { guardCluster, WrongClusterError } from "./guard.ts";
import { ClusterIdentity } from "./identity.ts";
import { type ContextFacts, findContext } from "./kubeconfig.ts";
import { isTerminating, type ReachedCluster, reachCluster, readNamespace } from "./reach.ts";

/** The one cluster that a stack means. */
export interface Cluster {
  /** Nothing is ever deployed by the default provider, which would follow the kubeconfig's current context. */
  readonly provider: Provider;
  /** The cluster's API server; absent in a production preview that comes before the cluster. */
  readonly api: ClusterApi | undefined;
}

/**
 * What the kubeconfig says of the context that the stack means; nothing is asked of the cluster.
 *
 * @returns `undefined` in a production preview that comes before the cluster.
 * @throws WrongClusterError when the context is unknown or, for a local stack, is not on this machine.
 */
export function findMeantContext(configuration: Configuration): ContextFacts | undefined {
  const facts = findContext(configuration.kubeconfigPaths, configuration.context);
  guardCluster(configuration, facts, pulumi.runtime.isDryRun());
  return facts;
}

/**
 * Connects to the cluster that the stack means.
 *
 * @param facts - From `findMeantContext`.
 * @throws WrongClusterError when the cluster does not answer, and while the stack's namespace is being deleted.
 */
export async function connectCluster(configuration: Configuration, facts: ContextFacts | undefined): Promise<Cluster> {
  // A local one needs to know nothing of the cluster: the engine starts the provider's process while the cluster is asked.
  const local = configuration.profile === "local" ? makeProvider(configuration, true) : undefined;
  const reached = facts === undefined ? undefined : await reach(configuration, facts);
  const namespace = reached && (await readNamespace(reached.api, configuration.namespace));
  if (isTerminating(namespace)) throw new WrongClusterError(beingDeleted(configuration));
  if (local !== undefined) return { provider: local, api: reached?.api };
  const takesOver = namespace === undefined || isOwnNamespace(namespace.metadata);
  if (facts === undefined || reached === undefined) {
    return { provider: makeProvider(configuration, takesOver), api: reached?.api };
  }
  const { context } = configuration;
  const identity = new ClusterIdentity("cluster-identity", { context, server: facts.server, uid: reached.uid });
  return { provider: makeProvider(configuration, takesOver, { dependsOn: [identity] }), api: reached.api };
}

/**
 * The provider of what is made in the stack's cluster.
 *
 * @param takesOver - Whether objects that are there already become the stack's. A namespace is taken over where the state was
 * lost. One that others made for production is not: it would go with the stack.
 */
function makeProvider({ context }: Configuration, takesOver: boolean, opts?: pulumi.ResourceOptions): Provider {
  // The provider would keep the path that KUBECONFIG names in the state, and a copy of the file in the temporary folder.
  return new Provider("cluster", { context, kubeconfig: "", upsertExistingObjects: takesOver }, opts);
}

/** A production preview works before the cluster exists; everything else has no use without it. */
async function reach(configuration: Configuration, facts: ContextFacts): Promise<ReachedCluster | undefined> {
  try {
    return await reachCluster(facts);
  } catch (error) {
    if (configuration.profile === "production" && pulumi.runtime.isDryRun()) return undefined;
    const why = (error as Error).message;
    const remedy =
      configuration.profile === "local"
        ? "Start it and deploy with: npm run up"
        : "Check the kubeconfig and the network.";
    throw new WrongClusterError(
      `The cluster of context "${facts.name}" does not answer at ${facts.server} (${why}). Nothing was changed. ${remedy}`,
    );
  }
}

function beingDeleted({ namespace, context }: Configuration): string {
  return (
    `The namespace "${namespace}" is being deleted. Nothing was changed. Run it again when it is gone: ` +
    `kubectl --context ${context} wait --for=delete namespace/${namespace}`
  );
}
