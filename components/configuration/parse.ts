import type { $ZodIssue } from "zod/v4/core";
import { withAddresses } from "./addresses.ts";
import type { Configuration } from "./configuration.ts";
import { databaseProblems } from "./database.ts";
import { kagentProblems } from "./kagent.ts";
import { partProblems } from "./partProblems.ts";
import { ConfigurationError, type Problem, removeCommand, setCommand, setSecretCommand } from "./problems.ts";
import { localConfiguration, productionConfiguration, targetOf } from "./profiles.ts";
import { type CheckedKeys, configurationKeys, configurationSchema, examples, secretKeys } from "./schema.ts";

/** The stack configuration as Pulumi hands it over. */
export interface RawConfiguration {
  readonly stack: string;
  /** Key without namespace to text. */
  readonly values: Readonly<Record<string, string>>;
  /** The keys that Pulumi holds encrypted. */
  readonly encryptedKeys: ReadonlySet<string>;
  /** The platform of this machine's Docker engine, the default of a local stack. */
  readonly machinePlatform: string;
  /** The kubeconfig files, in the order of `KUBECONFIG`. */
  readonly kubeconfigPaths: readonly string[];
  /** The folder of Docker's own configuration. */
  readonly dockerConfig: string;
  /** What a person allows for this once. */
  readonly allowed: readonly string[];
}

/**
 * Makes the typed configuration of the raw one.
 *
 * @throws ConfigurationError that holds every mistake, each with the command that mends it.
 */
export function parseConfiguration(given: RawConfiguration): Configuration {
  const raw = { ...given, values: withoutUnset(given.values) };
  const checked = configurationSchema.safeParse(raw.values);
  const problems = [
    ...(checked.success ? [] : checked.error.issues.flatMap((issue) => problemsOf(issue, raw.stack))),
    ...plainSecrets(raw),
    ...exposedSecrets(raw),
  ];
  if (!checked.success) throw new ConfigurationError(raw.stack, [...problems, ...missingKeys(raw.values, raw.stack)]);
  problems.push(...missingKeys(raw.values, raw.stack), ...halfLogins(checked.data, raw.stack));
  problems.push(...contradictions(checked.data, raw.stack));
  if (problems.length > 0) throw new ConfigurationError(raw.stack, problems);
  const isProduction = chosenProfile(checked.data.profile, raw.stack) === "production";
  return withAddresses(
    isProduction ? productionConfiguration(raw, checked.data) : localConfiguration(raw, checked.data),
  );
}

/** `Pulumi.yaml` must give a default to whatever is not required; an empty one says that the key is not set. */
function withoutUnset(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== "" && value !== "{}"));
}

/** A stack is what its key says, and else what its name says. */
export function chosenProfile(profile: string | undefined, stack: string): string {
  return profile ?? (stack === "prod" || stack === "production" ? "production" : "local");
}

function problemsOf(issue: $ZodIssue, stack: string): Problem[] {
  if (issue.code === "unrecognized_keys" && issue.path.length === 0) {
    return issue.keys.map((key) => unknownKey(key, stack));
  }
  const key = String(issue.path[0]);
  const where = issue.path.slice(1).join(".");
  // Of a key that is wrong, the reason stands one step below.
  const reason = issue.code === "invalid_key" ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  const message = where === "" ? reason : `${where}: ${reason}`;
  return [{ key, message, remedy: remedyOf(key, stack) }];
}

function unknownKey(key: string, stack: string): Problem {
  return {
    key,
    message: `is not a key of this program; it knows ${configurationKeys.join(", ")}`,
    remedy: removeCommand(stack, key),
  };
}

function remedyOf(key: string, stack: string): string {
  return secretKeys.includes(key) ? setSecretCommand(stack, key) : setCommand(stack, key, examples[key] ?? "VALUE");
}

function plainSecrets(raw: RawConfiguration): Problem[] {
  return secretKeys
    .filter((key) => raw.values[key] !== undefined && !raw.encryptedKeys.has(key))
    .map((key) => ({
      key,
      message: "is a secret and stands in plain text",
      remedy: setSecretCommand(raw.stack, key.endsWith("ecretEnv") ? `--path ${key}.NAME` : key),
    }));
}

/** What becomes a Helm value stands readable in Helm's history and in the state, however it was encrypted here. */
function exposedSecrets(raw: RawConfiguration): Problem[] {
  return configurationKeys
    .filter((key) => raw.encryptedKeys.has(key) && !secretKeys.includes(key))
    .map((key) => ({
      key,
      message:
        "holds a secret, which would reach Helm's values in plain text; give it as secretEnv, and remove it here",
      remedy: `${setSecretCommand(raw.stack, "--path secretEnv.NAME")} && ${removeCommand(raw.stack, key)}`,
    }));
}

function missingKeys(values: Readonly<Record<string, string>>, stack: string): Problem[] {
  if (chosenProfile(values.profile, stack) !== "production") return [];
  const needed = { context: "the cluster", registry: "where images are pushed", host: "the page's host name" };
  const plain = Object.entries(needed)
    .filter(([key]) => values[key] === undefined)
    .map(([key, what]) => ({
      key,
      message: `is missing: ${what}`,
      remedy: setCommand(stack, key, key === "context" ? "my-cluster" : (examples[key] ?? "")),
    }));
  const database = {
    key: "databaseUrl",
    message: "is missing: the external PostgreSQL of production",
    remedy: setSecretCommand(stack, "databaseUrl"),
  };
  return values.databaseUrl === undefined && !saysNoDatabase(values.backend) ? [...plain, database] : plain;
}

/** Asked of the text, since a person learns of what is missing beside other mistakes too. */
function saysNoDatabase(backend: string | undefined): boolean {
  try {
    return String((JSON.parse(backend ?? "{}") as { database?: unknown }).database) === "false";
  } catch {
    return false;
  }
}

/** Half of a login is none, and would be found out by a refused push. */
function halfLogins(keys: CheckedKeys, stack: string): Problem[] {
  if (chosenProfile(keys.profile, stack) !== "production") return [];
  const pairs = [
    ["registryUsername", "registryPassword"],
    ["registryPullUsername", "registryPullPassword"],
  ] as const;
  return pairs
    .filter((pair) => pair.filter((key) => keys[key] !== undefined).length === 1)
    .map(([username, password]) => {
      const [missing, given] = keys[username] === undefined ? [username, password] : [password, username];
      return { key: missing, message: `is missing beside ${given}`, remedy: remedyOf(missing, stack) };
    });
}

function contradictions(keys: CheckedKeys, stack: string): Problem[] {
  const production = chosenProfile(keys.profile, stack) === "production";
  return [
    ...databaseProblems(keys, production, stack),
    ...targetProblems(keys, production, stack),
    ...kagentProblems(keys, stack),
    ...partProblems(keys, stack),
  ];
}

function targetProblems(keys: CheckedKeys, production: boolean, stack: string): Problem[] {
  if (production && keys.target !== "auto" && keys.target !== "registry") {
    const message = `is ${keys.target}, but a production stack deploys from a registry`;
    return [{ key: "target", message, remedy: removeCommand(stack, "target") }];
  }
  if (!production && targetOf(keys) === undefined) {
    const message =
      keys.target === "registry"
        ? "is registry, which needs the production profile"
        : `cannot be told from the context "${keys.context}"; name the tool that made the cluster`;
    return [{ key: "target", message, remedy: setCommand(stack, "target", "minikube") }];
  }
  return [];
}
