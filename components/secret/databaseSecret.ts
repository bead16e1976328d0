import { createHash } from "node:crypto";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { type DatabaseParts, databasePartNames, databaseParts } from "./databaseUrl.ts";

/*
What is a secret? The same as a ConfigMap, a few values under a name that pods get as variables or files, for what nobody may
read who need not: passwords, keys, URLs with a login. The cluster shows it only to those who may read secrets, and can keep it
encrypted. Here the values are drawn by Pulumi or given encrypted, and go to the cluster directly: never through Helm's values,
which stand readable in its history.
*/

/** Where the database is. */
export type DatabaseLocation =
  | {
      readonly kind: "external";
      readonly url: pulumi.Output<string>;
      /** Where migrations go. */
      readonly directUrl?: pulumi.Output<string>;
    }
  | {
      readonly kind: "in-cluster";
      readonly service: string;
      /** Another number is another password. */
      readonly passwordVersion: number;
    };

/** What the database's secrets are made of. */
export interface DatabaseSecretArgs {
  readonly database: DatabaseLocation;
  /**
   * Whether the URL's parts are among the keys, for a `databaseEnv`; default: no. Only where they are wanted: other content is
   * another Secret, and rolls the pods.
   */
  readonly parts?: boolean;
}

/** Letters and digits, so that the password needs no escaping in a URL: 32 of 62 characters are 190 bits. */
const passwordLength = 32;

/** The database and its superuser; the chart's `database.name` and `database.user`. */
const database = "todo";

/** The Secrets' names in the cluster. */
export interface DatabaseSecretNames {
  /** For the chart's `database.existingSecret`. */
  readonly secretName: pulumi.Output<string>;
  /** The superuser's Secret, for the chart's `database.adminSecret`; for the database in the cluster only. */
  readonly adminSecretName: pulumi.Output<string> | undefined;
}

/**
 * The Kubernetes Secret with `DATABASE_URL`, for an external database with `DATABASE_DIRECT_URL`, which migrations alone read,
 * for the one in the cluster with the login that the URL names, and beside it the superuser's, which no part of the application
 * sees. The passwords are drawn here and never leave Pulumi's encrypted state but for these Secrets. The names are Pulumi's own:
 * new content means a new Secret beside the old one, so that pods roll and a rollback finds what it ran with.
 */
export class DatabaseSecret extends pulumi.ComponentResource {
  private readonly label: string;
  private readonly content: Record<string, pulumi.Output<string>>;
  private readonly adminPassword: pulumi.Output<string> | undefined;

  /** Draws the passwords; `store` makes the Secrets. */
  constructor(label: string, { database: location, parts = false }: DatabaseSecretArgs) {
    super("todo-stack:secret:DatabaseSecret", label);
    this.label = label;
    if (location.kind === "external") {
      const direct = location.directUrl === undefined ? {} : { DATABASE_DIRECT_URL: location.directUrl };
      this.content = { ...withParts(location.url, parts), ...direct };
    } else {
      this.content = this.login(label, location, parts);
      this.adminPassword = this.password(`${label}-admin-password`, 1);
    }
  }

  /** Puts what was drawn or given into the cluster. */
  store(namespace: pulumi.Input<string>, provider: pulumi.ProviderResource): DatabaseSecretNames {
    const make = (secret: string, stringData: Record<string, pulumi.Output<string>>) =>
      new Secret(secret, { metadata: { namespace }, stringData }, { parent: this, provider }).metadata.name;
    const names = {
      secretName: make(this.label, this.content),
      adminSecretName: this.adminPassword && make(`${this.label}-admin`, { POSTGRES_PASSWORD: this.adminPassword }),
    };
    this.registerOutputs(names);
    return names;
  }

  /** Each password has a user of its own, so that the one before stays valid while the pods roll. */
  private login(
    name: string,
    { service, passwordVersion }: DatabaseLocation & { kind: "in-cluster" },
    parts: boolean,
  ): Record<string, pulumi.Output<string>> {
    const password = this.password(`${name}-password`, passwordVersion);
    const user = password.apply((text) => `${database}_${createHash("sha256").update(text).digest("hex").slice(0, 8)}`);
    const url = pulumi.secret(pulumi.interpolate`postgresql://${user}:${password}@${service}:5432/${database}`);
    return { DATABASE_USER: user, DATABASE_PASSWORD: password, ...withParts(url, parts) };
  }

  private password(name: string, version: number): pulumi.Output<string> {
    const keepers = version === 1 ? {} : { keepers: { version: String(version) } };
    return new RandomPassword(name, { length: passwordLength, special: false, ...keepers }, { parent: this }).result;
  }
}

function withParts(url: pulumi.Output<string>, parts: boolean): Record<string, pulumi.Output<string>> {
  if (!parts) return { DATABASE_URL: url };
  const part = (name: keyof DatabaseParts): pulumi.Output<string> => url.apply((text) => databaseParts(text)[name]);
  return { DATABASE_URL: url, ...Object.fromEntries(databasePartNames.map((name) => [name, part(name)])) };
}
