import type { ClusterApi } from "../components/cluster/api.ts";

/** A Deployment, as far as its rollout tells: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/ */
export interface Deployment {
  readonly metadata: { readonly generation?: number };
  readonly spec: {
    readonly replicas?: number;
    readonly template: { readonly spec: { readonly containers: Container[]; readonly initContainers?: Container[] } };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
  };
}

interface Container {
  readonly name: string;
  readonly image: string;
}

/** The address of a Deployment. */
export function deploymentPath(namespace: string, name: string): string {
  return `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
}

/** Whether all pods are of the newest template and available: what `kubectl rollout status` waits for. */
export function isRolledOut({ metadata, spec, status = {} }: Deployment): boolean {
  const { observedGeneration = 0, replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  if ((metadata.generation ?? 0) > observedGeneration) return false;
  return updatedReplicas >= (spec.replicas ?? 1) && replicas <= updatedReplicas && availableReplicas >= updatedReplicas;
}

/**
 * Waits until a Deployment is rolled out. The server tells of each change, so that the end is seen at once.
 *
 * @param signal - Ends the wait.
 * @throws Error where the server does not answer; the signal's reason.
 */
export async function waitForRollout(
  api: ClusterApi,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  signal: AbortSignal,
): Promise<void> {
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments?watch=true&fieldSelector=metadata.name%3D${name}`;
  for (;;) {
    for await (const line of api.lines(path, signal)) {
      const { object } = JSON.parse(line) as { object: Deployment };
      if (isRolledOut(object)) return;
    }
    // The server ends each watch after a while.
    signal.throwIfAborted();
  }
}

/**
 * The fields that give another image to a container of a Deployment, and to every other one that runs the same image as it.
 *
 * @param container - The container's name.
 * @throws Error where there is no such container.
 */
export function imagePatch(deployment: Deployment, container: string, reference: string): unknown {
  const current = deployment.spec.template.spec.containers.find(({ name }) => name === container)?.image;
  if (current === undefined) throw new Error(`the Deployment has no container ${container}`);
  return imagesPatch(deployment, new Map([[current, reference]]));
}

/**
 * The fields that give other images to the containers of a Deployment.
 *
 * @param moved - References of images, each by the one that takes its place.
 * @returns `undefined` where no container runs any of them.
 */
export function imagesPatch({ spec }: Deployment, moved: ReadonlyMap<string, string>): unknown {
  const { containers, initContainers = [] } = spec.template.spec;
  const patched = (all: readonly Container[]): Container[] =>
    all.flatMap(({ name, image }) => {
      const reference = moved.get(image);
      return reference === undefined ? [] : [{ name, image: reference }];
    });
  const fields = { containers: patched(containers), initContainers: patched(initContainers) };
  if (fields.containers.length + fields.initContainers.length === 0) return undefined;
  return { spec: { template: { spec: fields } } };
}
