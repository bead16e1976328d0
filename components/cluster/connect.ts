import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../configuration/configuration.ts";
import { guardCluster } from "./guard.ts";
import { findContext } from "./kubeconfig.ts";

/**
 * The provider of the one cluster that the stack means; nothing is ever deployed by the default provider, which would
 * follow the kubeconfig's current context.
 *
 * @throws WrongClusterError when the context is unknown or, for a local stack, not on this machine.
 */
export function connectCluster(configuration: Configuration): Provider {
  guardCluster(
    configuration,
    findContext(configuration.kubeconfigPaths, configuration.context),
    pulumi.runtime.isDryRun(),
  );
  return new Provider("cluster", { context: configuration.context });
}
