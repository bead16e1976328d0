import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { parseYaml } from "../yaml.ts";

/** One cluster of a kubeconfig: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#Cluster */
export interface KubeconfigCluster {
  /** The API server's address, e.g. `https://127.0.0.1:32769`. */
  readonly server: string;
  readonly "certificate-authority"?: string;
  readonly "certificate-authority-data"?: string;
  readonly "insecure-skip-tls-verify"?: boolean;
  readonly "tls-server-name"?: string;
  readonly "proxy-url"?: string;
}

/** One user of a kubeconfig: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#AuthInfo */
export interface KubeconfigUser {
  readonly "client-certificate"?: string;
  readonly "client-certificate-data"?: string;
  readonly "client-key"?: string;
  readonly "client-key-data"?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly exec?: ExecPlugin;
}

/** A program that prints credentials: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#ExecConfig */
export interface ExecPlugin {
  readonly apiVersion: string;
  readonly command: string;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
}

/** What a kubeconfig says of one context. */
export interface ContextFacts {
  readonly name: string;
  /** The API server's address, e.g. `https://127.0.0.1:32769`. */
  readonly server: string;
  readonly cluster: KubeconfigCluster;
  readonly user: KubeconfigUser;
  /** Where relative paths in the cluster and in the user begin: the folder of the file that holds them. */
  readonly folders: { readonly cluster: string; readonly user: string };
}

interface KubeconfigFile {
  readonly contexts?: readonly Named<"context", { readonly cluster?: string; readonly user?: string }>[] | null;
  readonly clusters?: readonly Named<"cluster", KubeconfigCluster>[] | null;
  readonly users?: readonly Named<"user", KubeconfigUser>[] | null;
}

type Named<Key extends string, T> = { readonly name: string } & { readonly [key in Key]?: T };

/**
 * The kubeconfig files, as kubectl finds them:
 * https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
 *
 * @param variable - The value of `KUBECONFIG`.
 */
export function kubeconfigPaths(variable: string | undefined): string[] {
  const listed = (variable ?? "").split(delimiter).filter((path) => path !== "");
  return listed.length > 0 ? listed : [join(homedir(), ".kube", "config")];
}

/**
 * Looks a context up; in several files the first entry of a name wins, as with kubectl.
 *
 * @returns The context, or `undefined` where no file names it.
 */
export function findContext(paths: readonly string[], name: string): ContextFacts | undefined {
  const files = paths.map((path) => ({ folder: dirname(path), file: readKubeconfig(path) }));
  const context = first(files, ({ contexts }) => contexts, name)?.entry.context;
  const cluster = first(files, ({ clusters }) => clusters, context?.cluster);
  const user = first(files, ({ users }) => users, context?.user);
  if (cluster?.entry.cluster?.server === undefined) return undefined;
  return {
    name,
    server: cluster.entry.cluster.server,
    cluster: cluster.entry.cluster,
    user: user?.entry.user ?? {},
    folders: { cluster: cluster.folder, user: user?.folder ?? "" },
  };
}

function first<T extends { readonly name: string }>(
  files: readonly { readonly folder: string; readonly file: KubeconfigFile }[],
  entries: (file: KubeconfigFile) => readonly T[] | null | undefined,
  name: string | undefined,
): { readonly folder: string; readonly entry: T } | undefined {
  const all = files.flatMap(({ folder, file }) => (entries(file) ?? []).map((entry) => ({ folder, entry })));
  return all.find(({ entry }) => entry.name === name);
}

function readKubeconfig(path: string): KubeconfigFile {
  try {
    return (parseYaml(readFileSync(path, "utf8")) ?? {}) as KubeconfigFile;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new Error(`The kubeconfig ${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
