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
 * What the kubelet says in place of a log: of a container that it has removed, as it does with the older ones of a container that
 * restarts, and of a log file that is not there yet or any more: kubernetes/kubernetes,
 * pkg/kubelet/kuberuntime/kuberuntime_container.go, `GetContainerLogs`, and kubernetes/cri-client, pkg/logs/logs.go, `ReadLogs`.
 */
const excuse =
  /^(unable to retrieve container logs for \S+|failed to (try resolving symlinks in path|open log file) "[^"\n]+\.log": .*)$/;

/** Whether what was read as a log is the kubelet's word that there is none. */
export function isNoLog(text: string): boolean {
  return excuse.test(text.trim());
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
        if (!isNoLog(text)) return text;
      }
      return "";
    },
  };
}
