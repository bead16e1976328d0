import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import type * as pulumi from "@pulumi/pulumi";
import type { KubernetesObject } from "./cluster/api.ts";

/** Says whose namespace it is: https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/ */
const ownership = ["app.kubernetes.io/managed-by", "todo-stack"] as const;

/** The label that says so. */
export const ownershipLabel = { [ownership[0]]: ownership[1] };

/** Whether this program made a namespace. */
export function isOwnNamespace({ labels }: KubernetesObject["metadata"]): boolean {
  return labels?.[ownership[0]] === ownership[1];
}

/** The namespace of a stack. It admits only what keeps the restricted Pod Security Standard. */
export function makeNamespace(name: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  // https://kubernetes.io/docs/concepts/security/pod-security-admission/
  const labels = { "pod-security.kubernetes.io/enforce": "restricted", ...ownershipLabel };
  return new Namespace("namespace", { metadata: { name, labels } }, opts).metadata.name;
}
