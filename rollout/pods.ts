import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterApi } from "../components/cluster/api.ts";
import type { Pod, PodProblem } from "./podProblems.ts";

/** The pods of a release and their logs. */
export interface PodSource {
  readonly list: () => Promise<Pod[]>;
  /** The last lines of a container's log; of its last run that ended, where there was one. */
  readonly log: (problem: Pick<PodProblem, "pod" | "container">) => Promise<string>;
}

/** Lines of a container's log that are shown. */
const logLines = 15;

/** After how long the status names the next container in place of one that is gone, in milliseconds. */
const nextContainerMs = 1000;

/**
 * Whether the kubelet says in place of a log that it has removed the container, as it does with the older ones of a container
 * that restarts: kubernetes/kubernetes, pkg/kubelet/kuberuntime/kuberuntime_container.go, `GetContainerLogs`.
 */
export function isRemoved(log: string): boolean {
  return log.startsWith("unable to retrieve container logs for ");
}

/** The pods of a release, asked of its API server: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ */
export function podsOf(api: Pick<ClusterApi, "get" | "text">, namespace: string, releaseName: string): PodSource {
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const selector = encodeURIComponent(`app.kubernetes.io/instance=${releaseName}`);
  return {
    list: async () => (await api.get<{ items: Pod[] }>(`${pods}?labelSelector=${selector}`))?.items ?? [],
    log: async ({ pod, container }) => {
      const query = `container=${container}&tailLines=${logLines}`;
      const read = async (previous: boolean) =>
        ((await api.text(`${pods}/${pod}/log?${query}&previous=${previous}`)) ?? "").trim();
      // A container that has not ended yet has no previous run, and the server refuses.
      const last = () => read(true).catch(() => read(false));
      const now = () => read(false);
      const later = () => sleep(nextContainerMs).then(last);
      for (const ask of [last, later, now]) {
        const text = await ask();
        if (!isRemoved(text)) return text;
      }
      return "";
    },
  };
}
