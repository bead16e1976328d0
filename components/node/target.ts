import type { LocalConfiguration, LocalTarget } from "../configuration/configuration.ts";

/** A cluster on this machine whose nodes take images directly. */
export interface NodeTarget {
  readonly kind: LocalTarget;
  /** The kubeconfig context, which also names the Minikube profile, the kind or k3d cluster, or the sandbox. */
  readonly context: string;
}

/** The cluster whose nodes a local stack's images are put on. */
export function nodeTarget({ target, context }: LocalConfiguration): NodeTarget {
  return { kind: target, context };
}

/** Where the nodes of a cluster keep their images. */
export interface NodeRuntime {
  readonly name: "containerd" | "docker" | "crio";
  /** Whether the nodes are containers of this machine's Docker engine. */
  readonly inContainers: boolean;
}

/** A command with its arguments; no shell reads it. */
export type Command = readonly [program: string, ...args: string[]];

/** What keeps the images of a node, and what fills it: its own runtime's client, or Minikube. */
export type NodeStore = "containerd" | "docker" | "minikube";

/** How one kind of cluster is asked for its nodes, and how one of its nodes is asked for and given an image. */
export interface NodeCommands {
  readonly store: NodeStore;
  /** Prints the names of the node containers, one a line. */
  readonly listNodes: Command;
  /** Prints the references of the images on a node, one a line, and maybe more behind each. */
  readonly listImages: (node: string) => Command;
  /** Prints the same images, and in the third column the digest or ID that a reference stands for. */
  readonly listDigests: (node: string) => Command;
  /** Takes the archive that `docker save` writes on its standard input, and names what it took in. */
  readonly load: (node: string) => Command;
  /** Removes images from a node. */
  readonly remove: (node: string, references: readonly string[]) => Command;
}

/** Node containers by a filter of `docker ps`: https://docs.docker.com/reference/cli/docker/container/ls/#filter */
const containers = (filter: string): Command => ["docker", "ps", "--filter", filter, "--format", "{{.Names}}"];

/** kubelet looks for images in this containerd namespace: https://github.com/containerd/containerd/blob/main/docs/cri/architecture.md */
const containerd = {
  store: "containerd" as const,
  // Without the option, ctr reads the manifests of all images to tell their sizes: 0.4 s where there are a hundred.
  listImages: (node: string): Command => ["docker", "exec", node, "ctr", "-n", "k8s.io", "images", "list", "--quiet"],
  listDigests: (node: string): Command => ["docker", "exec", node, "ctr", "-n", "k8s.io", "images", "list"],
  load: (node: string): Command => ["docker", "exec", "-i", node, "ctr", "-n", "k8s.io", "images", "import", "-"],
  remove: (node: string, references: readonly string[]): Command => [
    "docker",
    "exec",
    node,
    "ctr",
    "-n",
    "k8s.io",
    "images",
    "remove",
    ...references,
  ],
};

const listInDocker = (node: string): Command => [
  "docker",
  "exec",
  node,
  "docker",
  "images",
  "--format",
  "{{.Repository}}:{{.Tag}} is {{.ID}}",
];

const docker = {
  store: "docker" as const,
  listImages: listInDocker,
  listDigests: listInDocker,
  load: (node: string): Command => ["docker", "exec", "-i", node, "docker", "load", "--quiet"],
  remove: (node: string, references: readonly string[]): Command => [
    "docker",
    "exec",
    node,
    "docker",
    "rmi",
    ...references,
  ],
};

/** Nodes that are no containers (a virtual machine) and CRI-O are reached through Minikube's own client. */
function throughMinikube(profile: string): NodeCommands {
  const minikube = (...args: string[]): Command => ["minikube", "--profile", profile, "image", ...args];
  return {
    store: "minikube",
    listNodes: ["minikube", "--profile", profile, "node", "list"],
    listImages: () => minikube("ls"),
    listDigests: () => minikube("ls"),
    load: () => minikube("load", "-"),
    remove: (_node, references) => minikube("rm", ...references),
  };
}

/**
 * The mark that each tool puts on its node containers, so that clusters of several nodes are served too.
 * Minikube: pkg/drivers/kic/oci/types.go; kind: pkg/cluster/constants/constants.go; k3d: pkg/types/types.go.
 */
export function nodeFilter({ kind, context }: NodeTarget): string {
  if (kind === "minikube") return `label=name.minikube.sigs.k8s.io=${context}`;
  if (kind === "kind") return `label=io.x-k8s.kind.cluster=${context.replace(/^kind-/, "")}`;
  if (kind === "k3d") return `label=k3d.cluster=${context.replace(/^k3d-/, "")}`;
  return `name=^${context}$`;
}

/**
 * The name that each tool gives to the container of a cluster's first node, which mostly is its only one.
 * kind: pkg/cluster/internal/providers/common/namer.go; k3d: GenerateNodeName in pkg/client; Minikube: MachineName in pkg/minikube/config.
 */
export function firstNode({ kind, context }: NodeTarget): string {
  if (kind === "kind") return `${context.replace(/^kind-/, "")}-control-plane`;
  return kind === "k3d" ? `${context}-server-0` : context;
}

/**
 * The commands that ask and fill the nodes of a cluster.
 *
 * @param target - The cluster.
 * @param runtime - The nodes' runtime, and whether they are containers of this machine's Docker engine.
 */
export function nodeCommands(target: NodeTarget, runtime: NodeRuntime): NodeCommands {
  if (!runtime.inContainers || runtime.name === "crio") return throughMinikube(target.context);
  return { listNodes: containers(nodeFilter(target)), ...(runtime.name === "docker" ? docker : containerd) };
}

/** A reference in full, as containerd and CRI-O keep it: https://github.com/distribution/reference#normalization */
export function normalizedReference(reference: string): string {
  const [first = "", ...rest] = reference.split("/");
  if (rest.length === 0) return `docker.io/library/${reference}`;
  return /[.:]|^localhost$/.test(first) ? reference : `docker.io/${reference}`;
}
