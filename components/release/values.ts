import * as pulumi from "@pulumi/pulumi";
import type { ChartValue, ChartValues, Configuration } from "../configuration/configuration.ts";
import type { DeployedImage } from "../image/applicationImage.ts";
import type { Service } from "../image/buildImages.ts";
import { parseReference } from "../image/reference.ts";
import { checkConnections } from "./connections.ts";

/** What the program decides of the release, beside the values files. */
export interface ReleaseParts {
  readonly images: Readonly<Record<Service, DeployedImage>>;
  /** The Secret with the database's URL. */
  readonly databaseSecret: pulumi.Output<string>;
  /** The Secret with the superuser's password of the database in the cluster. */
  readonly databaseAdminSecret: pulumi.Output<string> | undefined;
  /** Secrets whose keys become environment variables of the backend. */
  readonly environmentSecrets: readonly pulumi.Output<string>[];
  /** What nodes log in to the registry with. */
  readonly pullSecrets: readonly pulumi.Output<string>[];
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
  { images, databaseSecret, databaseAdminSecret, environmentSecrets, pullSecrets }: ReleaseParts,
): ChartValues {
  // What was put on a node is never pulled: another image of that name may well exist in a public registry.
  const pullPolicy = configuration.profile === "local" ? "Never" : "IfNotPresent";
  const image = (deployed: DeployedImage) => ({ ...deployed, pullPolicy });
  const known: ChartValues = {
    fullnameOverride: configuration.releaseName,
    ...(pullSecrets.length === 0 ? {} : { imagePullSecrets: pullSecrets.map((name) => ({ name })) }),
    frontend: { image: image(images.frontend), ...exposure(configuration) },
    backend: { image: image(images.backend), env: configuration.env, existingSecrets: environmentSecrets },
    database: {
      existingSecret: databaseSecret,
      ...(databaseAdminSecret === undefined ? {} : { adminSecret: databaseAdminSecret }),
      enabled: hasDatabase(configuration),
      // The volume goes with the stack's namespace. With the release it would also go where Helm takes an install back.
      storage: { retain: true },
      ...databaseImage(configuration),
      ...externalDatabase(configuration),
    },
    ...databasePorts(configuration),
    ...(configuration.profile === "production"
      ? { ingress: { host: configuration.host }, gateway: { hostnames: [configuration.host] } }
      : {}),
  };
  const values = [known, configuration.values].reduce(mergeValues, profileValues);
  checkConnections(configuration, values);
  return values;
}

/** Whether PostgreSQL runs in the cluster. */
export function hasDatabase(configuration: Configuration): boolean {
  return configuration.externalDatabase === undefined;
}

/** Merges as Helm does: maps key by key, everything else as a whole; https://helm.sh/docs/chart_template_guide/values_files/ */
export function mergeValues(base: ChartValues, over: ChartValues): ChartValues {
  const merged = Object.entries(over).map(([key, value]) => {
    const below = base[key];
    return [key, isMap(below) && isMap(value) ? mergeValues(below, value) : value] as const;
  });
  return { ...base, ...Object.fromEntries(merged) };
}

function isMap(value: ChartValue | undefined): value is ChartValues {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !pulumi.Output.isInstance(value);
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
