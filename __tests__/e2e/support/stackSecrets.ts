import { existsSync } from "node:fs";
import { join } from "node:path";
import { isSearchable, type Secret } from "../../support/secretSearch.ts";
import type { Checkout } from "./checkout.ts";
import type { Deployment } from "./deployment.ts";

/** A Kubernetes Secret. */
export interface SecretObject {
  readonly type: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly data?: Readonly<Record<string, string>>;
}

/** Whether the Pulumi CLI deployed the checkout; otherwise the sandbox's runner did. */
export function usesPulumi(checkout: Checkout): boolean {
  return (JSON.parse(checkout.read(".state/deployed.local.json")) as { program: string }).program === "pulumi";
}

/** Gives the stack secret variables: encrypted in its configuration, or for the runner by the environment. */
export async function giveSecrets(checkout: Checkout, secrets: readonly Secret[], stack = "local"): Promise<void> {
  if (!usesPulumi(checkout)) {
    const secretEnv = JSON.stringify(Object.fromEntries(secrets.map(({ name, value }) => [name, value])));
    checkout.environment.PULUMI_CONFIG = JSON.stringify({ "todo-stack:secretEnv": secretEnv });
    checkout.environment.PULUMI_CONFIG_SECRET_KEYS = '["todo-stack:secretEnv"]';
    return;
  }
  for (const { name, value } of secrets) {
    const args = ["config", "set", "--stack", stack, "--secret", "--path", `secretEnv.${name}`];
    const { code, output } = await checkout.feed(value, "pulumi", "--", ...args).finished;
    if (code !== 0) throw new Error(output);
  }
}

/** Takes them away again. */
export async function takeSecrets(checkout: Checkout): Promise<void> {
  delete checkout.environment.PULUMI_CONFIG;
  delete checkout.environment.PULUMI_CONFIG_SECRET_KEYS;
  if (usesPulumi(checkout)) await checkout.succeed("pulumi", "--", "config", "rm", "--stack", "local", "secretEnv");
}

/** All Secrets of the cluster but Helm's own. */
export async function readSecretObjects(on: Deployment): Promise<SecretObject[]> {
  const listed = await on.kubectl("get", "secrets", "--all-namespaces", "--output", "json");
  return (JSON.parse(listed) as { items: SecretObject[] }).items.filter(({ type }) => type !== "helm.sh/release.v1");
}

/** Every entry of a Secret, in plain text. */
export function entriesOf({ data = {} }: SecretObject): Secret[] {
  return Object.entries(data).map(([name, value]) => ({ name, value: Buffer.from(value, "base64").toString("utf8") }));
}

/** Keys of Secrets whose values are none: who logs in stands in the database's log. */
const plainKeys = ["DATABASE_USER"];

/** What the namespace's Secrets hold, generated or given, and the passphrase of the state where the checkout has one. */
export function secretsOf(on: Deployment, objects: readonly SecretObject[]): Secret[] {
  const own = objects.filter(({ metadata }) => metadata.namespace === on.namespace).flatMap(entriesOf);
  const secret = own.filter(({ name }) => !plainKeys.includes(name));
  const file = ".state/passphrase";
  const passphrase = existsSync(join(on.checkout.folder, file))
    ? [{ name: "passphrase", value: on.checkout.read(file).trim() }]
    : [];
  return [...secret, ...passphrase].filter(isSearchable);
}
