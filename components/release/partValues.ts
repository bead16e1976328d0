import { probeValues } from "../application/ownDockerfile.ts";
import type { ChartValues, Configuration } from "../configuration/configuration.ts";
import { mergeValues } from "../configuration/mergeValues.ts";
import type { ServiceConfiguration } from "../configuration/parts.ts";
import type { DeployedImage } from "../image/applicationImage.ts";
import { parseReference } from "../image/reference.ts";
import type { ReleaseParts } from "./values.ts";

/** The values of the frontend. */
export function frontendValues(
  configuration: Configuration,
  { plans, images, frontendSecrets }: ReleaseParts,
): ChartValues {
  const { env } = configuration.frontend;
  const known = {
    image: image(images.frontend.deployed, configuration),
    ...(Object.keys(env).length === 0 ? {} : { env }),
    ...(frontendSecrets.length === 0 ? {} : { existingSecrets: frontendSecrets }),
  };
  return mergeValues(plans.frontend.values, known);
}

/** The values of the backend. */
export function backendValues(
  configuration: Configuration,
  { plans, images, environmentSecrets }: ReleaseParts,
): ChartValues {
  const { database, databaseEnv } = configuration.backend;
  const known = {
    image: image(images.backend.deployed, configuration),
    env: configuration.env,
    existingSecrets: environmentSecrets,
    ...(database ? {} : { database: false }),
    ...(Object.keys(databaseEnv).length === 0 ? {} : { databaseEnv }),
  };
  return mergeValues(plans.backend.values, known);
}

/** The values of the further services; nothing where there are none. */
export function serviceValues(configuration: Configuration, parts: ReleaseParts): ChartValues {
  const entries = Object.entries(configuration.services).map(
    ([name, service]) => [name, valuesOf(name, service, configuration, parts)] as const,
  );
  return entries.length === 0 ? {} : { services: Object.fromEntries(entries) };
}

function valuesOf(
  name: string,
  service: ServiceConfiguration,
  configuration: Configuration,
  parts: ReleaseParts,
): ChartValues {
  const { command, args, schedule, replicas } = service;
  const built = parts.images[name];
  // Only frontend and backend migrate or are this project's nginx.
  const { containerPort, migrations: _, proxy: __, ...found } = parts.plans[name]?.values ?? {};
  // What runs another command than its image's own has a port only where one is named.
  const port = service.port ?? (command === undefined && schedule === undefined ? containerPort : undefined);
  const given: ChartValues = {
    ...(built === undefined ? imageOf(service) : { image: image(built.deployed, configuration) }),
    ...(command === undefined ? {} : { command }),
    ...(args === undefined ? {} : { args }),
    ...(schedule === undefined ? {} : { schedule }),
    ...(replicas === undefined ? {} : { replicaCount: replicas }),
    ...(port === undefined ? {} : { port }),
    ...probeValues(service),
    ...environment(service, configuration, parts),
  };
  return mergeValues(port === undefined ? withoutProbes(found) : found, given);
}

function withoutProbes({ probes: _, ...values }: ChartValues): ChartValues {
  return values;
}

function imageOf({ image: reference = "backend" }: ServiceConfiguration): ChartValues {
  if (reference === "backend" || reference === "frontend") return { imageOf: reference };
  return { image: { ...parseReference(reference) } };
}

/** What runs the backend's or the frontend's image gets the variables of that from the chart, and its own over them. */
function environment(
  { image: reference, env, secretEnv, database }: ServiceConfiguration,
  configuration: Configuration,
  { environmentSecrets }: ReleaseParts,
): ChartValues {
  const own = Object.keys(env).length === 0 ? {} : { env };
  if (reference === "backend" || reference === "frontend") return { ...own, database };
  const { databaseEnv } = configuration.backend;
  return {
    ...own,
    ...(secretEnv && environmentSecrets.length > 0 ? { existingSecrets: environmentSecrets } : {}),
    database,
    ...(database && Object.keys(databaseEnv).length > 0 ? { databaseEnv } : {}),
  };
}

/** The chart's tests ask what only the shipped application has; of an own one they ask the page alone. */
export function testValues({ plans }: ReleaseParts): ChartValues {
  if (plans.frontend.found === undefined && plans.backend.found === undefined) return {};
  // They run in the backend's image, which by a Dockerfile of its own may have no Python.
  const hasPython = plans.backend.found?.hasPython ?? true;
  return { tests: { enabled: hasPython, todo: false, health: false } };
}

/** What was put on a node is never pulled: another image of that name may well exist in a public registry. */
function image(deployed: DeployedImage, { profile }: Configuration): ChartValues {
  return { ...deployed, pullPolicy: profile === "local" ? "Never" : "IfNotPresent" };
}
