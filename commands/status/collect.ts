import { parseReference } from "../../components/image/reference.ts";
import { readRevisions } from "../../components/release/history.ts";
import type { DeployedStack } from "../deploy/deployed.ts";
import { stackUrl } from "../deploy/deployed.ts";
import { waitForPage } from "../deploy/page.ts";
import type { Machine } from "../support/machine.ts";
import { type JobStatus, ranWell, readJobs } from "./jobs.ts";
import { isWell, readServices, type ServiceStatus } from "./services.ts";

/** What `npm run status` tells; `--json` prints it as it is. */
export interface StackStatus {
  readonly stack: string;
  readonly healthy: boolean;
  readonly cluster: { readonly context: string; readonly kind: string; readonly namespace: string };
  /** Helm's newest revision; absent where nothing is deployed. */
  readonly release:
    | { readonly name: string; readonly revision: number; readonly status: string; readonly since: string }
    | undefined;
  readonly services: readonly ServiceStatus[];
  /** The scheduled ones. */
  readonly jobs: readonly JobStatus[];
  readonly page: {
    readonly url: string /** What does not answer; absent where all does. */;
    readonly problem: string | undefined;
  };
  /** The services whose sources are not what runs; absent where they cannot be compared. */
  readonly edited: readonly SourceEdit[] | undefined;
}

/** A service that runs something else than its sources say. */
export interface SourceEdit {
  readonly service: string;
  readonly runs: string;
  readonly sources: string;
}

/**
 * Looks at everything at once; nothing is changed.
 *
 * @throws ApiError, Error where the cluster does not answer.
 */
export async function collectStatus(machine: Machine, { settings, record, api }: DeployedStack): Promise<StackStatus> {
  const { stack, context, namespace, releaseName, production } = settings;
  const url = stackUrl(settings);
  const [revisions, services, jobs, problem, tags] = await Promise.all([
    readRevisions(api, settings),
    readServices(api, settings),
    readJobs(api, settings),
    waitForPage(machine, { url, own: settings.own }, 0),
    production || record === undefined ? undefined : sourceTags(machine, stack),
  ]);
  const last = revisions.at(-1);
  const well = last?.status === "deployed" && services.length > 0 && services.every(isWell) && jobs.every(ranWell);
  return {
    stack,
    healthy: well && problem === undefined,
    cluster: { context, kind: record?.cluster ?? "existing", namespace },
    release: last && {
      name: releaseName,
      revision: last.revision,
      status: last.status,
      since: new Date(last.since).toISOString(),
    },
    services,
    jobs,
    page: { url, problem },
    edited: tags && editsOf(services, tags),
  };
}

/** A mistake in the sources or in the configuration is for `up` to tell. */
async function sourceTags(machine: Machine, stack: string): Promise<Readonly<Record<string, string>> | undefined> {
  // Imported where it is needed, because it brings Pulumi's SDK with it.
  const { readTags } = await import("./sources.ts");
  return readTags(machine, stack).catch(() => undefined);
}

function editsOf(services: readonly ServiceStatus[], tags: Readonly<Record<string, string>>): SourceEdit[] {
  return services.flatMap(({ service, image }) => {
    const [runs, sources] = [parseReference(image).tag, tags[service]];
    return sources === undefined || sources === runs ? [] : [{ service, runs, sources }];
  });
}
