import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import type * as pulumi from "@pulumi/pulumi";

/** The namespace of a stack. It admits only what keeps the restricted Pod Security Standard. */
export function makeNamespace(name: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  // https://kubernetes.io/docs/concepts/security/pod-security-admission/
  const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
  return new Namespace("namespace", { metadata: { name, labels } }, opts).metadata.name;
}
