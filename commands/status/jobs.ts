import type { ClusterApi } from "../../components/cluster/api.ts";
import type { ReleaseName } from "../../components/release/history.ts";

/** One scheduled job as the cluster has it. */
export interface JobStatus {
  readonly service: string;
  /** Five fields of cron, or a macro. */
  readonly schedule: string;
  /** How its newest run stands; `none` before the first. */
  readonly last: "none" | "running" | "succeeded" | "failed";
  /** When that began, in ISO 8601; absent before the first. */
  readonly since?: string;
  /** Whether further runs are held back. */
  readonly suspended: boolean;
}

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/cron-job-v1/ */
interface CronJob {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec: { readonly schedule: string; readonly suspend?: boolean };
}

interface Job {
  readonly metadata: {
    readonly creationTimestamp?: string;
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
  };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** Reads the scheduled jobs of a release, by their names. */
export async function readJobs(
  api: ClusterApi,
  { namespace, releaseName }: ReleaseName,
): Promise<readonly JobStatus[]> {
  const query = `labelSelector=${encodeURIComponent(`app.kubernetes.io/instance=${releaseName}`)}`;
  const list = async <T>(kind: string): Promise<readonly T[]> =>
    (await api.get<{ items: T[] }>(`/apis/batch/v1/namespaces/${namespace}/${kind}?${query}`))?.items ?? [];
  const [cronJobs, jobs] = await Promise.all([list<CronJob>("cronjobs"), list<Job>("jobs")]);
  return cronJobs
    .map(({ metadata, spec }) => {
      const owned = jobs.filter((job) =>
        job.metadata.ownerReferences?.some(({ kind, name }) => kind === "CronJob" && name === metadata.name),
      );
      const newest = owned.sort((a, b) => beganAt(a) - beganAt(b)).at(-1);
      const since = newest?.metadata.creationTimestamp;
      return {
        service: metadata.labels?.["app.kubernetes.io/component"] ?? metadata.name,
        schedule: spec.schedule,
        last: newest === undefined ? "none" : outcomeOf(newest),
        ...(since !== undefined && { since }),
        suspended: spec.suspend === true,
      } satisfies JobStatus;
    })
    .sort((a, b) => a.service.localeCompare(b.service));
}

/** Whether its last run was no failure. */
export function ranWell({ last }: JobStatus): boolean {
  return last !== "failed";
}

function outcomeOf({ status }: Job): JobStatus["last"] {
  const is = (type: string): boolean =>
    (status?.conditions ?? []).some((condition) => condition.type === type && condition.status === "True");
  if (is("Complete")) return "succeeded";
  return is("Failed") ? "failed" : "running";
}

const beganAt = ({ metadata }: Job): number => Date.parse(metadata.creationTimestamp ?? "") || 0;
