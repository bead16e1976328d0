import type { Output } from "@pulumi/pulumi";
import type { PartsConfiguration } from "./parts.ts";

/** A tree of chart values, as in a values file. */
export interface ChartValues {
  readonly [key: string]: ChartValue;
}

/** One node of a tree of chart values; what is known only after a resource was made is an output. */
export type ChartValue = string | number | boolean | null | Output<string> | readonly ChartValue[] | ChartValues;

/** The kinds of cluster that an image is put on directly, without a registry. */
export const localTargets = ["minikube", "kind", "k3d", "docker-desktop", "sandbox"] as const;

/** A cluster on this machine, by the tool that made it. */
export type LocalTarget = (typeof localTargets)[number];

/** The build arguments by which every base image can be replaced: a mirror, an air-gapped registry, a digest. */
export const baseImageKeys = ["NODE_IMAGE", "NGINX_IMAGE", "PYTHON_IMAGE", "UV_IMAGE", "POSTGRES_IMAGE"] as const;

/** The name of one base image's build argument. */
export type BaseImageKey = (typeof baseImageKeys)[number];

/** A name and a password for a registry. */
export interface RegistryLogin {
  readonly username: string;
  readonly password: Output<string>;
}

/** kagent in the cluster, with an agent that reads the release: https://kagent.dev */
export interface KagentConfiguration {
  /** Whose model answers. Default `openAI`. */
  readonly provider: "openAI" | "anthropic" | "gemini" | "ollama";
  /** Default: the one of kagent's chart. */
  readonly model?: string;
  /** A server that speaks the provider's protocol, as pods reach it. Default: the provider's own. */
  readonly endpoint?: string;
  /** The provider's key; Ollama has none. */
  readonly apiKey?: Output<string>;
}

/** What both profiles share. */
export interface CommonConfiguration extends PartsConfiguration {
  /** The name of the Pulumi stack. */
  readonly stack: string;
  /** The kubeconfig context that is deployed to; never the current one by accident. */
  readonly context: string;
  /** The kubeconfig files that may name it. */
  readonly kubeconfigPaths: readonly string[];
  /** The namespace that holds everything; it is made and removed with the stack. Default `todo`. */
  readonly namespace: string;
  /** The Helm release's name. Default `todo`. */
  readonly releaseName: string;
  /** The platform that images are built for, e.g. `linux/amd64`. */
  readonly platform: string;
  /** Where the sources are, for the images' label. */
  readonly sourceUrl?: string;
  /** Plain environment variables of the backend. */
  readonly env: Readonly<Record<string, string>>;
  /** Secret environment variables of the backend; the names are plain, the values secret. */
  readonly secretEnv: Readonly<Record<string, Output<string>>>;
  /** Secret environment variables of the frontend, for one that has a server. */
  readonly frontendSecretEnv: Readonly<Record<string, Output<string>>>;
  /** Replacements of base images. */
  readonly baseImages: Readonly<Partial<Record<BaseImageKey, string>>>;
  /** Chart values that win over the profile's values file. */
  readonly values: ChartValues;
  /** How long a rollout may take, in seconds. Default 110, under the two minutes that a deployment may take. */
  readonly timeoutSeconds: number;
  /** The database outside of the cluster; a local stack without one gets one in the cluster, if its backend has any. */
  readonly externalDatabase?: ExternalDatabase | undefined;
  /** Absent where it is off, as it is by default. */
  readonly kagent?: KagentConfiguration;
}

/** A PostgreSQL that somebody else runs. */
export interface ExternalDatabase {
  /** What the backend connects to. */
  readonly url: Output<string>;
  /** What migrations connect to, where the other one is a pooler's. */
  readonly directUrl?: Output<string>;
  /** The port of the URL, for the network policies; 5432 where it names none. */
  readonly port: number;
  /** The port of the direct URL. */
  readonly directPort?: number;
  /** The certificate, in PEM, of the private authority that signed the server's. */
  readonly authority?: string;
  /** The connections that it has for this stack. Default: nothing is counted. */
  readonly maxConnections?: number;
  /** Whether a URL asks for connections that nothing protects. */
  readonly plain: boolean;
}

/** A stack on a cluster of this machine: images go straight onto the node, PostgreSQL runs in the cluster. */
export interface LocalConfiguration extends CommonConfiguration {
  readonly profile: "local";
  /** The tool that made the cluster. */
  readonly target: LocalTarget;
  /** The port of the page, on the node and on 127.0.0.1. Default 30080. */
  readonly nodePort: number;
  /** Another number has another password drawn for the database in the cluster. Default 1. */
  readonly databasePasswordVersion: number;
}

/** A stack on a cluster that pulls from a registry, with an external database. */
export interface ProductionConfiguration extends CommonConfiguration {
  readonly profile: "production";
  /** The registry and path that images are pushed under, e.g. `ghcr.io/acme`. */
  readonly registry: string;
  /** The login that images are pushed with; absent: what Docker's own configuration has. */
  readonly registryLogin?: RegistryLogin;
  /** The login that the cluster pulls with; absent: it needs none, or has its own. */
  readonly pullLogin?: RegistryLogin;
  /** The folder of Docker's own configuration, from `DOCKER_CONFIG`. */
  readonly dockerConfig: string;
  /** The host name of the page. */
  readonly host: string;
  /** What an update is not refused for this once, from `TODO_STACK_ALLOW`: `dirty`, `debug`, `plain-database`. */
  readonly allowed: readonly string[];
}

/** The stack configuration, read once; nothing below reads it or the environment again. */
export type Configuration = LocalConfiguration | ProductionConfiguration;
