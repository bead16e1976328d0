import type { CommandRunner } from "../process.ts";
import type { Command, NodeStore } from "../target.ts";

/** Whether a node has the layer at a place in an image, the image's layers named by their diff IDs. */
export type HasLayer = (diffIds: readonly string[], index: number) => boolean;

/**
 * Asks a node which layers it has.
 *
 * @returns Nothing where the node's runtime cannot do without layers that it has.
 */
export async function layersOnNode(store: NodeStore, node: string, run: CommandRunner): Promise<HasLayer | undefined> {
  if (store === "containerd") return containerdLayers(node, run);
  return store === "docker" ? dockerLayers(node, run) : undefined;
}

/** containerd keeps layers as blobs. Only with these is an image complete: without, a node forgets it when it restarts. */
async function containerdLayers(node: string, run: CommandRunner): Promise<HasLayer> {
  const list: Command = ["docker", "exec", node, "ctr", "-n", "k8s.io", "content", "list", "--quiet"];
  const blobs = new Set((await run.output(list)).split("\n").map((line) => line.trim()));
  return (diffIds, index) => blobs.has(diffIds[index] ?? "");
}

/** Docker keeps layers as chains from the lowest one up; `docker load` reads only what it does not find as such. */
async function dockerLayers(node: string, run: CommandRunner): Promise<HasLayer | undefined> {
  const docker = (...args: string[]): Promise<string> => run.output(["docker", "exec", node, "docker", ...args]);
  const [driver, list] = await Promise.all([
    docker("info", "--format", "{{.Driver}}"),
    docker("images", "--quiet", "--no-trunc"),
  ]);
  const ids = [...new Set(list.split("\n").filter((id) => id !== ""))];
  // An engine whose images are kept by containerd names a snapshotter here, and its `docker load` wants all layers.
  if (driver.trim() !== "overlay2" || ids.length === 0) return undefined;
  const rows = await docker("image", "inspect", "--format", "{{json .RootFS.Layers}}", ...ids);
  const images = rows.split("\n").flatMap((row) => (row === "" ? [] : [(JSON.parse(row) as string[] | null) ?? []]));
  const chains = new Set(images.flatMap((layers) => layers.map((_layer, index) => chain(layers, index))));
  return (diffIds, index) => chains.has(chain(diffIds, index));
}

function chain(layers: readonly string[], index: number): string {
  return layers.slice(0, index + 1).join(" ");
}
