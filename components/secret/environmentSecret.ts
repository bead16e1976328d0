import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import * as pulumi from "@pulumi/pulumi";

/** What a secret environment is made of. */
export interface EnvironmentSecretArgs {
  readonly namespace: pulumi.Input<string>;
  /** Variable to value. */
  readonly variables: Readonly<Record<string, pulumi.Output<string>>>;
}

/** The Kubernetes Secret with the application's own secret environment variables, for example `JWT_SECRET`. */
export class EnvironmentSecret extends pulumi.ComponentResource {
  /** The Secret's name, for the chart's `backend.existingSecrets`. */
  readonly secretName: pulumi.Output<string>;

  constructor(name: string, args: EnvironmentSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("todo-stack:secret:EnvironmentSecret", name, {}, opts);
    const secret = new Secret(
      name,
      { metadata: { namespace: args.namespace }, stringData: { ...args.variables } },
      { parent: this },
    );
    this.secretName = secret.metadata.name;
    this.registerOutputs({ secretName: this.secretName });
  }
}
