import type * as pulumi from "@pulumi/pulumi";
import type { ClusterApi } from "../cluster/api.ts";
import type { Configuration } from "../configuration/configuration.ts";

/** Makes kagent's resources, where it is wanted. */
export type MakeKagent = (namespace: pulumi.Input<string>, opts: pulumi.ComponentResourceOptions) => void;

/**
 * Loads and checks what kagent needs, where the stack wants it; where it does not, nothing is loaded, asked or made.
 *
 * @throws RunError where the cluster is too old for it.
 */
export async function prepareKagent(configuration: Configuration, api: ClusterApi | undefined): Promise<MakeKagent> {
  const { kagent, releaseName, namespace } = configuration;
  if (kagent === undefined) return () => undefined;
  const [{ Kagent }, { requireKubernetes }, { describeParts }] = await Promise.all([
    import("./kagent.ts"),
    import("./requirements.ts"),
    import("./describeParts.ts"),
  ]);
  await requireKubernetes(api, configuration);
  const known = { releaseName, namespace, parts: describeParts(configuration) };
  return (made, opts) => void new Kagent("kagent", { kagent, known, namespace: made }, opts);
}
