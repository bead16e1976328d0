import type * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../configuration/configuration.ts";
import { DatabaseSecret } from "./databaseSecret.ts";
import { EnvironmentSecret } from "./environmentSecret.ts";
import { PullSecret } from "./pullSecret.ts";

/** The Secrets of a stack, by the names that the chart is told. */
export interface ApplicationSecrets {
  readonly databaseSecret: pulumi.Output<string>;
  /** Only for the database in the cluster. */
  readonly databaseAdminSecret: pulumi.Output<string> | undefined;
  readonly environmentSecrets: readonly pulumi.Output<string>[];
  /** What nodes pull the application's images with; none where they need no login of ours. */
  readonly pullSecrets: readonly pulumi.Output<string>[];
}

/** Makes the Kubernetes Secrets that the configuration asks for. */
export function makeSecrets(
  configuration: Configuration,
  namespace: pulumi.Input<string>,
  opts: pulumi.ComponentResourceOptions,
): ApplicationSecrets {
  const { externalDatabase, secretEnv, releaseName } = configuration;
  const database = new DatabaseSecret(
    "database",
    {
      namespace,
      database:
        externalDatabase === undefined
          ? {
              kind: "in-cluster",
              service: `${releaseName}-database`,
              passwordVersion: passwordVersionOf(configuration),
            }
          : { kind: "external", ...externalDatabase },
    },
    opts,
  );
  const environment =
    Object.keys(secretEnv).length === 0
      ? []
      : [new EnvironmentSecret("environment", { namespace, variables: secretEnv }, opts)];
  return {
    databaseSecret: database.secretName,
    databaseAdminSecret: database.adminSecretName,
    environmentSecrets: environment.map((secret) => secret.secretName),
    pullSecrets: pullSecrets(configuration, namespace, opts),
  };
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
