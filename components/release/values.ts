import type { ChartValues, Configuration } from "../configuration/configuration.ts";
import { mergeValues } from "../configuration/mergeValues.ts";
import type { ApplicationImage } from "../image/applicationImage.ts";
import type { ByComponent, ImagePlan } from "../image/plan.ts";
import { parseReference } from "../image/reference.ts";
import type { ApplicationSecrets } from "../secret/applicationSecrets.ts";
import { checkConnections } from "./connections.ts";
import { backendValues, frontendValues, serviceValues, testValues } from "./partValues.ts";

/** What the program decides of the release, beside the values files. */
export interface ReleaseParts extends ApplicationSecrets {
  /** By component, as everywhere below. */
  readonly plans: ByComponent<Pick<ImagePlan, "values" | "found">>;
  readonly images: ByComponent<Pick<ApplicationImage, "deployed">>;
}

/**
 * The values that the release gets: the profile's file, then what the program knows, then what a person configured.
 *
 * @param profileValues - The content of `values-local.yaml` or `values-production.yaml`.
 * @throws ConfigurationError where the pods may want more connections than the database has.
 */
export function releaseValues(
  configuration: Configuration,
  profileValues: ChartValues,
  parts: ReleaseParts,
): ChartValues {
  const { databaseSecret, databaseAdminSecret, pullSecrets } = parts;
  const known: ChartValues = {
    fullnameOverride: configuration.releaseName,
    ...(pullSecrets.length === 0 ? {} : { imagePullSecrets: pullSecrets.map((name) => ({ name })) }),
    frontend: { ...frontendValues(configuration, parts), ...exposure(configuration) },
    backend: backendValues(configuration, parts),
    ...serviceValues(configuration, parts),
    database: {
      ...(databaseSecret === undefined ? {} : { existingSecret: databaseSecret }),
      ...(databaseAdminSecret === undefined ? {} : { adminSecret: databaseAdminSecret }),
      enabled: hasDatabase(configuration),
      // The volume goes with the stack's namespace. With the release it would also go where Helm takes an install back.
      storage: { retain: true },
      ...databaseImage(configuration),
      ...externalDatabase(configuration),
    },
    ...databasePorts(configuration),
    ...testValues(parts),
    ...(configuration.profile === "production"
      ? { ingress: { host: configuration.host }, gateway: { hostnames: [configuration.host] } }
      : {}),
  };
  const values = [known, configuration.values].reduce(mergeValues, profileValues);
  checkConnections(configuration, values);
  return values;
}

/** Whether PostgreSQL runs in the cluster. */
export function hasDatabase({
  backend,
  externalDatabase: external,
}: Pick<Configuration, "backend" | "externalDatabase">): boolean {
  return backend.database && external === undefined;
}

function externalDatabase({ externalDatabase: database }: Configuration): ChartValues {
  return {
    ...(database?.authority === undefined ? {} : { caCertificate: database.authority }),
    ...(database?.maxConnections === undefined ? {} : { maxConnections: database.maxConnections }),
  };
}

/** The chart does not see into the Secret, and its network policies want to know. */
function databasePorts({ externalDatabase: database }: Configuration): ChartValues {
  if (database === undefined) return {};
  const direct = database.directPort === undefined ? {} : { databaseDirectPort: database.directPort };
  return { networkPolicy: { databasePort: database.port, ...direct } };
}

function exposure(configuration: Configuration): ChartValues {
  if (configuration.profile !== "local") return {};
  return { service: { type: "NodePort", nodePort: configuration.nodePort } };
}

/** Only the sandbox's nodes cannot pull; there the program puts the database's image on them too. */
export function nodeTakesDatabaseImage(configuration: Configuration): boolean {
  return hasDatabase(configuration) && configuration.profile === "local" && configuration.target === "sandbox";
}

function databaseImage(configuration: Configuration): ChartValues {
  const replacement = configuration.baseImages.POSTGRES_IMAGE;
  return {
    image: {
      ...(replacement === undefined ? {} : { ...parseReference(replacement) }),
      ...(nodeTakesDatabaseImage(configuration) ? { pullPolicy: "Never" } : {}),
    },
  };
}
