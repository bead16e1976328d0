import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { NodeRuntime, NodeTarget } from "./target.ts";

/** What Minikube writes down of a profile: kubernetes/minikube, pkg/minikube/config/types.go. */
interface MinikubeProfile {
  readonly Driver?: string;
  readonly KubernetesConfig?: { readonly ContainerRuntime?: string };
}

const containerd: NodeRuntime = { name: "containerd", inContainers: true };

/**
 * The runtime of a cluster's nodes. kind, k3d and the sandbox always have containerd; a Minikube profile says it itself.
 *
 * @throws Error when there is no such Minikube profile.
 */
export async function nodeRuntime({ kind, context }: NodeTarget): Promise<NodeRuntime> {
  return kind === "minikube" ? runtimeOfProfile(await readProfile(context)) : containerd;
}

/** Minikube's default driver on a machine with Docker is docker, its default runtime docker. */
export function runtimeOfProfile(profile: MinikubeProfile): NodeRuntime {
  const runtime = profile.KubernetesConfig?.ContainerRuntime || "docker";
  const name = runtime === "containerd" || runtime === "docker" ? runtime : "crio";
  return { name, inContainers: profile.Driver === "docker" };
}

async function readProfile(name: string): Promise<MinikubeProfile> {
  const path = join(minikubeHome(), "profiles", name, "config.json");
  try {
    return JSON.parse(await readFile(path, "utf8")) as MinikubeProfile;
  } catch (error) {
    throw new Error(
      `There is no Minikube profile "${name}" (${path}). Start it with: minikube start --profile ${name}`,
      {
        cause: error,
      },
    );
  }
}

/** https://minikube.sigs.k8s.io/docs/handbook/config/ : MINIKUBE_HOME may be given with or without `.minikube`. */
function minikubeHome(): string {
  const home = process.env.MINIKUBE_HOME;
  if (home === undefined) return join(homedir(), ".minikube");
  return home.endsWith(".minikube") ? home : join(home, ".minikube");
}
