import type { CommonConfiguration } from "../configuration/configuration.ts";
import type { ServiceConfiguration } from "../configuration/parts.ts";
import { hasDatabase } from "../release/values.ts";

/** What of a stack's configuration says what its release consists of. */
export type DescribedConfiguration = Pick<
  CommonConfiguration,
  "releaseName" | "frontend" | "backend" | "services" | "externalDatabase"
>;

/** What a release consists of, a line for each part, for who does not see the configuration. */
export function describeParts(configuration: DescribedConfiguration): readonly string[] {
  const { releaseName, frontend, backend, services } = configuration;
  return [
    `Deployment ${releaseName}-frontend: ${frontend.application === undefined ? shippedFrontend : ownFrontend}`,
    `Deployment ${releaseName}-backend: ${backend.application === undefined ? shippedBackend : ownBackend}`,
    ...Object.entries(services).map(([name, service]) => describeService(`${releaseName}-${name}`, service)),
    describeDatabase(configuration),
  ];
}

const shippedFrontend = "nginx with a static page; it passes /api on to the backend. Its probe is /health.";
const ownFrontend = "the page. It passes requests for the API on to the backend.";
const shippedBackend = `a FastAPI application. Its init container "migrate" brings the schema up to date. Its
  readiness probe is /ready, which asks the database.`;
const ownBackend = 'the API. Where it has an init container "migrate", that brings the schema up to date.';

function describeService(name: string, { schedule, port }: ServiceConfiguration): string {
  if (schedule !== undefined) return `CronJob ${name}: a job by the schedule ${schedule}.`;
  return `Deployment ${name}: ${port === undefined ? "a worker, which nobody calls" : `a service on port ${port}`}.`;
}

function describeDatabase(configuration: DescribedConfiguration): string {
  if (hasDatabase(configuration)) {
    return `StatefulSet ${configuration.releaseName}-database: PostgreSQL, with a volume.`;
  }
  return configuration.externalDatabase === undefined
    ? "There is no database."
    : "The database is a PostgreSQL outside of the cluster; only the backend's log tells of it.";
}
