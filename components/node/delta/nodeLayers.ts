import type { CommandRunner } from "../process.ts";
import type { Command, NodeStore } from "../target.ts";
import type { KnownLayer } from "./knownLayers.ts";

/** The layers that a node has. */
export interface NodeLayers {
  /** Whether it has the layer at a place in an image, the image's layers named by their diff IDs. */
  readonly has: (diffIds: readonly string[], index: number) => boolean;
  /** The digests of containerd's blobs. */
  readonly blobs?: ReadonlySet<string>;
}

/**
 * Asks a node which layers it has.
 *
 * @param known - Layers that were pushed before.
 * @returns Nothing where the node's runtime cannot do without layers that it has.
 */
export async function layersOnNode(
  store: NodeStore,
  node: string,
  known: Promise<ReadonlyMap<string, KnownLayer>>,
  run: CommandRunner,
): Promise<NodeLayers | undefined> {
  if (store === "containerd") return containerdLayers(node, known, run);
  return store === "docker" ? dockerLayers(node, run) : undefined;
}

/** containerd keeps layers as blobs. Only with these is an image complete: without, a node forgets it when it restarts. */
async function containerdLayers(
  node: string,
  known: Promise<ReadonlyMap<string, KnownLayer>>,
  run: CommandRunner,
): Promise<NodeLayers> {
  const list: Command = ["docker", "exec", node, "ctr", "-n", "k8s.io", "content", "list", "--quiet"];
  const blobs = new Set((await run.output(list)).split("\n").map((line) => line.trim()));
  const pushed = new Set(
    [...(await known).values()].filter(({ compressed }) => blobs.has(compressed)).map(({ diffId }) => diffId),
  );
  const has = (diffIds: readonly string[], index: number): boolean => {
    const diffId = diffIds[index] ?? "";
    return blobs.has(diffId) || pushed.has(diffId);
  };
  return { has, blobs };
}

/** Docker keeps layers as chains from the lowest one up; `docker load` reads only what it does not find as such. */
async function dockerLayers(node: string, run: CommandRunner): Promise<NodeLayers | undefined> {
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
  return { has: (diffIds, index) => chains.has(chain(diffIds, index)) };
}

function chain(layers: readonly string[], index: number): string {
  return layers.slice(0, index + 1).join(" ");
}
