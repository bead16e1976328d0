import type * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "./configuration/configuration.ts";
import type { ApplicationImage } from "./image/applicationImage.ts";

/** The address of the page from the user's machine. */
export function pageUrl(configuration: Configuration): string {
  return configuration.profile === "local"
    ? `http://127.0.0.1:${configuration.nodePort}`
    : `https://${configuration.host}`;
}

/** An image as the stack's outputs name it. */
export function describeImage({ reference, digest }: ApplicationImage): {
  reference: string;
  digest: pulumi.Output<string>;
} {
  return { reference, digest };
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
