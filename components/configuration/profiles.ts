import * as pulumi from "@pulumi/pulumi";
import type { CommonConfiguration, Configuration, LocalTarget, RegistryLogin } from "./configuration.ts";
import { externalDatabase } from "./database.ts";
import { kagentOf } from "./kagent.ts";
import type { RawConfiguration } from "./parse.ts";
import { partsOf } from "./parts.ts";
import type { CheckedKeys } from "./schema.ts";

/** The tool that made the cluster; undefined where nothing tells it. kind and k3d put their names before the cluster's; Docker Desktop's context has one name. */
export function targetOf(keys: CheckedKeys): LocalTarget | undefined {
  if (keys.target === "registry") return undefined;
  if (keys.target !== "auto") return keys.target;
  const context = keys.context ?? "minikube";
  if (context.startsWith("kind-")) return "kind";
  if (context.startsWith("k3d-")) return "k3d";
  if (context === "docker-desktop") return "docker-desktop";
  return context.includes("minikube") ? "minikube" : undefined;
}

function common(raw: RawConfiguration, keys: CheckedKeys, platform: string): CommonConfiguration {
  const kagent = kagentOf(keys);
  return {
    stack: raw.stack,
    context: keys.context ?? "minikube",
    kubeconfigPaths: raw.kubeconfigPaths,
    namespace: keys.namespace,
    releaseName: keys.releaseName,
    platform: keys.platform ?? platform,
    ...(keys.sourceUrl === undefined ? {} : { sourceUrl: keys.sourceUrl }),
    env: keys.env,
    secretEnv: secrets(keys.secretEnv),
    ...partsOf(keys),
    frontendSecretEnv: secrets(keys.frontendSecretEnv),
    baseImages: keys.baseImages,
    values: keys.values,
    timeoutSeconds: keys.timeoutSeconds,
    externalDatabase: externalDatabase(keys),
    ...(kagent === undefined ? {} : { kagent }),
  };
}

function secrets(variables: Readonly<Record<string, string>>): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, pulumi.secret(value)]));
}

/** A local stack of checked keys. */
export function localConfiguration(raw: RawConfiguration, keys: CheckedKeys): Configuration {
  return {
    ...common(raw, keys, raw.machinePlatform),
    profile: "local",
    target: targetOf(keys) ?? "minikube",
    nodePort: keys.nodePort,
    databasePasswordVersion: keys.databasePasswordVersion,
  };
}

/** A production stack of checked keys. */
export function productionConfiguration(raw: RawConfiguration, keys: CheckedKeys): Configuration {
  return {
    ...common(raw, keys, "linux/amd64"),
    profile: "production",
    registry: present(keys.registry),
    dockerConfig: raw.dockerConfig,
    ...logins(keys),
    host: present(keys.host),
    allowed: raw.allowed,
  };
}

/** The cluster pulls with the login that pushes, unless it has one of its own, which need not be allowed to push. */
function logins(keys: CheckedKeys): { registryLogin?: RegistryLogin; pullLogin?: RegistryLogin } {
  const login = (username: string | undefined, password: string | undefined): RegistryLogin | undefined =>
    username === undefined || password === undefined ? undefined : { username, password: pulumi.secret(password) };
  const push = login(keys.registryUsername, keys.registryPassword);
  const pull = login(keys.registryPullUsername, keys.registryPullPassword) ?? push;
  return {
    ...(push === undefined ? {} : { registryLogin: push }),
    ...(pull === undefined ? {} : { pullLogin: pull }),
  };
}

/** What `parseConfiguration` has seen to already. */
function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("a required key passed the check for missing keys");
  return value;
}
