import type { ResourceHandler } from "../provider/handlers.ts";
import { findContext, kubeconfigPaths } from "./kubeconfig.ts";
import { reachCluster } from "./reach.ts";

/** What the resource keeps of a cluster. */
export interface IdentityInputs {
  readonly context: string;
  readonly server: string;
  /** The UID of the namespace `kube-system`. */
  readonly uid: string;
}

/** By this variable a person says, for one command, that a stack has moved to the cluster of this UID. */
const acceptance = "TODO_STACK_ACCEPT_CLUSTER";

/**
 * Why a stack must not touch a cluster: its context leads to another one than at the last update.
 *
 * @returns `undefined` where it is the same one, or the new one was accepted.
 */
export function identityRefusal(
  before: Pick<IdentityInputs, "server" | "uid">,
  now: IdentityInputs,
  accepted?: string,
): string | undefined {
  if (before.uid === now.uid || accepted === now.uid) return undefined;
  return (
    `The context "${now.context}" leads to another cluster than at the last update: it was ${before.uid} at ${before.server}, ` +
    `and is ${now.uid} at ${now.server}. Nothing was changed. If the stack has moved there, say so: ` +
    `${acceptance}=${now.uid} npm run up -- --stack prod (the same variable for pulumi up)`
  );
}

/** The refusal for inputs that are about to be used; the environment may accept them. */
export function checkIdentity(before: Partial<IdentityInputs> | undefined, now: IdentityInputs): string | undefined {
  const { server, uid } = before ?? {};
  if (server === undefined || uid === undefined) return undefined;
  return identityRefusal({ server, uid }, now, process.env[acceptance]);
}

/**
 * Looks at the cluster of the context as it is now. A refresh compares what the stack made with what is there: on another
 * cluster it would find nothing, and forget everything.
 *
 * @throws Error when it is another cluster than at the last update.
 */
export async function readIdentity(before: IdentityInputs): Promise<void> {
  const facts = findContext(kubeconfigPaths(process.env.KUBECONFIG), before.context);
  if (facts === undefined) throw new Error(`No kubeconfig names the context "${before.context}"`);
  const { uid } = await reachCluster(facts);
  const refusal = checkIdentity(before, { context: before.context, server: facts.server, uid });
  if (refusal !== undefined) throw new Error(refusal);
}

/** What the engine asks of a cluster's identity. */
export const identityHandler: ResourceHandler<IdentityInputs> = {
  async check(olds, news) {
    const reason = checkIdentity(olds, news);
    return reason === undefined ? { inputs: news } : { inputs: news, failures: [{ property: "uid", reason }] };
  },
  async diff(olds, news) {
    return { changes: olds.uid !== news.uid };
  },
  async create() {
    return "cluster";
  },
  read: readIdentity,
};
