import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { parse } from "yaml";

/** What a kubeconfig says of one context. */
export interface ContextFacts {
  readonly name: string;
  /** The API server's address, e.g. `https://127.0.0.1:32769`. */
  readonly server: string;
}

interface KubeconfigFile {
  readonly contexts?: readonly { readonly name: string; readonly context?: { readonly cluster?: string } }[] | null;
  readonly clusters?: readonly { readonly name: string; readonly cluster?: { readonly server?: string } }[] | null;
}

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
  const files = paths.map(readKubeconfig);
  const context = files.flatMap((file) => file.contexts ?? []).find((entry) => entry.name === name);
  const cluster = files
    .flatMap((file) => file.clusters ?? [])
    .find((entry) => entry.name === context?.context?.cluster);
  return cluster?.cluster?.server === undefined ? undefined : { name, server: cluster.cluster.server };
}

function readKubeconfig(path: string): KubeconfigFile {
  try {
    return (parse(readFileSync(path, "utf8")) ?? {}) as KubeconfigFile;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new Error(`The kubeconfig ${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
