import { RunError } from "@pulumi/pulumi";
import { checkCluster, type MeantCluster } from "./checkCluster.ts";
import type { ContextFacts } from "./kubeconfig.ts";

/** A refusal to touch a cluster that the stack does not mean; Pulumi shows a `RunError` as its message alone. */
export class WrongClusterError extends RunError {
  constructor(message: string) {
    super(message);
    this.name = "WrongClusterError";
  }
}

/**
 * Lets a stack through only to the cluster it means.
 *
 * @param facts - What the kubeconfig says of the stack's context; `undefined` where it does not know it.
 * @param preview - A production preview works before the cluster exists; a local one has no use without it.
 * @throws WrongClusterError that says what was found and what to do.
 */
export function guardCluster(meant: MeantCluster, facts: ContextFacts | undefined, preview: boolean): void {
  const refusal = checkCluster(meant, facts, preview);
  if (refusal !== undefined) throw new WrongClusterError(refusal);
}
