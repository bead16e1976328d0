import { RunError } from "@pulumi/pulumi/errors.js";
import type { Configuration } from "../configuration/configuration.ts";
import { isLocalServer } from "./address.ts";
import type { ContextFacts } from "./kubeconfig.ts";

/** A refusal to touch a cluster that the stack does not mean; Pulumi shows a `RunError` as its message alone. */
export class WrongClusterError extends RunError {
  constructor(message: string) {
    super(message);
    this.name = "WrongClusterError";
  }
}

/** What a stack says of the cluster that it means. */
export type MeantCluster = Pick<Configuration, "stack" | "context" | "profile">;

/**
 * Lets a stack through only to the cluster it means.
 *
 * @param facts - What the kubeconfig says of the stack's context; `undefined` where it does not know it.
 * @param preview - A production preview works before the cluster exists; a local one has no use without it.
 * @throws WrongClusterError that says what was found and what to do.
 */
export function guardCluster(meant: MeantCluster, facts: ContextFacts | undefined, preview: boolean): void {
  const { stack, context, profile } = meant;
  if (facts === undefined) {
    if (profile === "production" && preview) return;
    throw new WrongClusterError(missingContext(meant));
  }
  if (profile === "local" && !isLocalServer(facts.server)) {
    throw new WrongClusterError(
      `Stack "${stack}" is a local one, but its context "${context}" leads to ${facts.server}, which is not on this machine. ` +
        "Nothing was changed. Name a local context: " +
        `pulumi config set --stack ${stack} context minikube - or deploy there with the production stack: npm run up -- --stack prod`,
    );
  }
}

function missingContext({ stack, context, profile }: MeantCluster): string {
  const remedy =
    profile === "local"
      ? "Start the cluster and deploy with: npm run up"
      : `Add it to the kubeconfig, or name another: pulumi config set --stack ${stack} context NAME`;
  return `No kubeconfig names the context "${context}" of stack "${stack}". ${remedy}`;
}
