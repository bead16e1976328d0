import type { Configuration } from "../configuration/configuration.ts";
import { isLocalServer } from "./address.ts";
import type { ContextFacts } from "./kubeconfig.ts";

/** What a stack says of the cluster that it means. */
export type MeantCluster = Pick<Configuration, "stack" | "context" | "profile">;

/**
 * Whether a stack may go to the cluster of its context. Without the SDK, which the commands would load for this alone.
 *
 * @param facts - What the kubeconfig says of the stack's context; `undefined` where it does not know it.
 * @param preview - A production preview works before the cluster exists; a local one has no use without it.
 * @returns Why not, with what was found and what to do.
 */
export function checkCluster(
  meant: MeantCluster,
  facts: ContextFacts | undefined,
  preview: boolean,
): string | undefined {
  const { stack, context, profile } = meant;
  if (facts === undefined) return profile === "production" && preview ? undefined : missingContext(meant);
  if (profile === "production" || isLocalServer(facts.server)) return undefined;
  return (
    `Stack "${stack}" is a local one, but its context "${context}" leads to ${facts.server}, which is not on this machine. ` +
    "Nothing was changed. Name a local context: " +
    `pulumi config set --stack ${stack} context minikube - or deploy there with the production stack: npm run up -- --stack prod`
  );
}

function missingContext({ stack, context, profile }: MeantCluster): string {
  const remedy =
    profile === "local"
      ? "Start the cluster and deploy with: npm run up"
      : `Add it to the kubeconfig, or name another: pulumi config set --stack ${stack} context NAME`;
  return `No kubeconfig names the context "${context}" of stack "${stack}". ${remedy}`;
}
