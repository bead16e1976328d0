import type * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "./configuration/configuration.ts";
import type { ApplicationImage } from "./image/applicationImage.ts";

/** The images as the stack's outputs name them. */
export function describeImages(
  images: Readonly<Record<string, ApplicationImage>>,
): Record<string, { reference: string; digest: pulumi.Output<string> }> {
  const described = Object.entries(images).map(
    ([name, { reference, digest }]) => [name, { reference, digest }] as const,
  );
  return Object.fromEntries(described);
}

/** The commands that a person wants next, ready to be pasted. */
export function nextCommands({ context, namespace, releaseName }: Configuration): Record<string, string> {
  const kubectl = `kubectl --context ${context} --namespace ${namespace}`;
  const selector = `--selector app.kubernetes.io/instance=${releaseName}`;
  return {
    logs: `${kubectl} logs ${selector} --all-containers --prefix --follow --max-log-requests 20`,
    pods: `${kubectl} get pods ${selector}`,
    open: `${kubectl} port-forward service/${releaseName}-frontend 8080:80`,
    history: `helm --kube-context ${context} --namespace ${namespace} history ${releaseName}`,
  };
}
