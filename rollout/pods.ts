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

/** The pods of a release, asked of its API server: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ */
export function podsOf(api: ClusterApi, namespace: string, releaseName: string): PodSource {
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const selector = encodeURIComponent(`app.kubernetes.io/instance=${releaseName}`);
  return {
    list: async () => (await api.get<{ items: Pod[] }>(`${pods}?labelSelector=${selector}`))?.items ?? [],
    log: async ({ pod, container }) => {
      const read = (previous: boolean) =>
        api.text(`${pods}/${pod}/log?container=${container}&tailLines=${logLines}&previous=${previous}`);
      // A container that has not ended yet has no previous run, and the server refuses.
      return ((await read(true).catch(() => read(false))) ?? "").trim();
    },
  };
}
