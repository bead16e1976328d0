import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { Role } from "@pulumi/kubernetes/rbac/v1/role.js";
import { RoleBinding } from "@pulumi/kubernetes/rbac/v1/roleBinding.js";
import * as pulumi from "@pulumi/pulumi";
import type { ChartValues, KagentConfiguration } from "../configuration/configuration.ts";
import { kagentNamespace } from "../configuration/kagent.ts";
import { ownershipLabel } from "../namespace.ts";
import { readingRules } from "../readingRules.ts";
import { agentOf, type KnownRelease, toolAccount } from "./agent.ts";
import { definitionsChart, kagentChart, kagentVersion } from "./charts.ts";
import { kagentValues, keyNames } from "./values.ts";

/** What kagent is made of. */
export interface KagentArgs {
  readonly kagent: KagentConfiguration;
  /** The release that its agent knows. */
  readonly known: KnownRelease;
  /** The namespace of that release, which is there first. */
  readonly namespace: pulumi.Input<string>;
}

/** How long each chart may take, in seconds: the images are pulled, some hundred megabytes. */
const timeoutSeconds = 600;

/** kagent in a namespace of its own, with one agent that reads one release. */
export class Kagent extends pulumi.ComponentResource {
  constructor(name: string, args: KagentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("todo-stack:kagent:Kagent", name, {}, opts);
    const own = this.ownNamespace(name);
    const definitions = this.chart(`${name}-crds`, { chart: definitionsChart, namespace: own, values: {} }, []);
    const values = kagentValues(args.kagent, this.keySecret(name, args.kagent, own));
    const release = this.chart(name, { chart: kagentChart, namespace: own, values }, [definitions]);
    const role = this.reading(name, args.namespace);
    new CustomResource(`${name}-agent`, agentOf(args.known), { parent: this, dependsOn: [release, role] });
    this.registerOutputs({});
  }

  /** Only its own pods reach kagent, whose interface asks nobody who they are; a port-forward comes from within the pod. */
  private ownNamespace(name: string): pulumi.Output<string> {
    // Agents' images name their user by a word, which the restricted standard does not take for another than root.
    const labels = { ...ownershipLabel, "pod-security.kubernetes.io/enforce": "baseline" };
    const metadata = { name: kagentNamespace, labels };
    const namespace = new Namespace(`${name}-namespace`, { metadata }, { parent: this }).metadata.name;
    const spec = { podSelector: {}, policyTypes: ["Ingress"], ingress: [{ from: [{ podSelector: {} }] }] };
    new NetworkPolicy(`${name}-ingress`, { metadata: { namespace }, spec }, { parent: this });
    return namespace;
  }

  private keySecret(
    name: string,
    { provider, apiKey }: KagentConfiguration,
    namespace: pulumi.Output<string>,
  ): pulumi.Output<string> | undefined {
    if (apiKey === undefined) return undefined;
    const inputs = { metadata: { namespace }, stringData: { [keyNames[provider]]: apiKey } };
    return new Secret(`${name}-key`, inputs, { parent: this }).metadata.name;
  }

  private chart(
    name: string,
    given: { readonly chart: string; readonly namespace: pulumi.Output<string>; readonly values: ChartValues },
    dependsOn: pulumi.Resource[],
  ): Release {
    const bounds = { atomic: true, cleanupOnFail: true, timeout: timeoutSeconds, maxHistory: 10 };
    return new Release(name, { ...given, name, version: kagentVersion, ...bounds }, { parent: this, dependsOn });
  }

  /** The tool server's account may read the release's namespace, and nothing else anywhere. */
  private reading(name: string, namespace: pulumi.Input<string>): RoleBinding {
    const metadata = { name: "kagent-reader", namespace };
    const role = new Role(`${name}-reader`, { metadata, rules: [...readingRules] }, { parent: this });
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name };
    const subjects = [{ kind: "ServiceAccount", name: toolAccount, namespace: kagentNamespace }];
    return new RoleBinding(`${name}-reader`, { metadata, roleRef, subjects }, { parent: this });
  }
}
