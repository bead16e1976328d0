import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";

/** Where the database is. */
export type DatabaseLocation =
  | { readonly kind: "external"; readonly url: pulumi.Output<string> }
  | { readonly kind: "in-cluster"; readonly service: string };

/** What the database's secret is made of. */
export interface DatabaseSecretArgs {
  readonly namespace: pulumi.Input<string>;
  readonly database: DatabaseLocation;
}

/** Letters and digits, so that the password needs no escaping in a URL: 32 of 62 characters are 190 bits. */
const passwordLength = 32;

/**
 * The Kubernetes Secret with `DATABASE_URL` and, for the database in the cluster, `POSTGRES_PASSWORD`. The password is
 * drawn here and never leaves Pulumi's encrypted state but for this Secret. The name is Pulumi's own: new content means a
 * new Secret beside the old one, so that pods roll and a rollback finds what it ran with.
 */
export class DatabaseSecret extends pulumi.ComponentResource {
  /** The Secret's name, for the chart's `database.existingSecret`. */
  readonly secretName: pulumi.Output<string>;

  constructor(name: string, args: DatabaseSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("todo-stack:secret:DatabaseSecret", name, {}, opts);
    const secret = new Secret(
      name,
      { metadata: { namespace: args.namespace }, stringData: this.entries(name, args.database) },
      { parent: this },
    );
    this.secretName = secret.metadata.name;
    this.registerOutputs({ secretName: this.secretName });
  }

  private entries(name: string, database: DatabaseLocation): Record<string, pulumi.Output<string>> {
    if (database.kind === "external") return { DATABASE_URL: database.url };
    const password = new RandomPassword(
      `${name}-password`,
      { length: passwordLength, special: false },
      { parent: this },
    );
    return {
      POSTGRES_PASSWORD: password.result,
      DATABASE_URL: pulumi.secret(
        pulumi.interpolate`postgresql://todo:${password.result}@${database.service}:5432/todo`,
      ),
    };
  }
}
