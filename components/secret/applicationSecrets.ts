import type * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../configuration/configuration.ts";
import { DatabaseSecret } from "./databaseSecret.ts";
import { wantsDatabaseParts } from "./databaseUrl.ts";
import { EnvironmentSecret } from "./environmentSecret.ts";
import { PullSecret } from "./pullSecret.ts";

/** The Secrets of a stack, by the names that the chart is told. */
export interface ApplicationSecrets {
  /** None where the backend has no database. */
  readonly databaseSecret: pulumi.Output<string> | undefined;
  /** Only for the database in the cluster. */
  readonly databaseAdminSecret: pulumi.Output<string> | undefined;
  /** Their keys become variables of the backend. */
  readonly environmentSecrets: readonly pulumi.Output<string>[];
  /** The same of the frontend. */
  readonly frontendSecrets: readonly pulumi.Output<string>[];
  /** What nodes pull the application's images with; none where they need no login of ours. */
  readonly pullSecrets: readonly pulumi.Output<string>[];
}

/**
 * Draws the passwords that nobody chose: they wait for no cluster, and so their provider starts while the cluster is asked.
 *
 * @returns None where the backend has no database.
 */
export function drawPasswords(configuration: Configuration): DatabaseSecret | undefined {
  if (!configuration.backend.database) return undefined;
  const { externalDatabase, releaseName } = configuration;
  const database =
    externalDatabase === undefined
      ? ({
          kind: "in-cluster",
          service: `${releaseName}-database`,
          passwordVersion: passwordVersionOf(configuration),
        } as const)
      : ({ kind: "external", ...externalDatabase } as const);
  return new DatabaseSecret("database", { database, parts: wantsParts(configuration) });
}

/**
 * Makes the Kubernetes Secrets that the configuration asks for.
 *
 * @param drawn - The database's, from `drawPasswords`.
 */
export function makeSecrets(
  configuration: Configuration,
  drawn: DatabaseSecret | undefined,
  namespace: pulumi.Input<string>,
  provider: pulumi.ProviderResource,
): ApplicationSecrets {
  const opts = { providers: [provider] };
  const database = drawn?.store(namespace, provider);
  const environment = (name: string, variables: Configuration["secretEnv"]) =>
    Object.keys(variables).length === 0 ? [] : [new EnvironmentSecret(name, { namespace, variables }, opts).secretName];
  return {
    databaseSecret: database?.secretName,
    databaseAdminSecret: database?.adminSecretName,
    environmentSecrets: environment("environment", configuration.secretEnv),
    frontendSecrets: environment("frontend-environment", configuration.frontendSecretEnv),
    pullSecrets: pullSecrets(configuration, namespace, opts),
  };
}

/** Variables made of the parts are configured, or given as values of the chart. */
function wantsParts({ backend, values }: Configuration): boolean {
  return Object.keys(backend.databaseEnv).length > 0 || wantsDatabaseParts(values);
}

function pullSecrets(
  configuration: Configuration,
  namespace: pulumi.Input<string>,
  opts: pulumi.ComponentResourceOptions,
): pulumi.Output<string>[] {
  if (configuration.profile !== "production" || configuration.pullLogin === undefined) return [];
  const { registry, pullLogin: login } = configuration;
  return [new PullSecret("registry", { namespace, registry, login }, opts).secretName];
}

/** Production brings its own database and its own passwords. */
function passwordVersionOf(configuration: Configuration): number {
  return configuration.profile === "local" ? configuration.databasePasswordVersion : 1;
}
