import type { CommandRunner } from "../process.ts";
import type { NodeCommands } from "../target.ts";
import { makeArchive } from "./archive.ts";
import { KnownLayers } from "./knownLayers.ts";
import { layersOnNode } from "./nodeLayers.ts";
import { LayerPush } from "./push.ts";

/**
 * Sends an image to a node: only the layers that the node lacks, where it has the lowest one; else, and where the engine
 * cannot push to this machine, the whole image as `docker save` writes it.
 *
 * @returns What the node's loader said.
 */
export async function sendImage(
  reference: string,
  node: string,
  commands: NodeCommands,
  run: CommandRunner,
): Promise<string> {
  return (
    (await sendMissingLayers(reference, node, commands, run)) ??
    (await run.pipe(["docker", "save", reference], commands.load(node)))
  );
}

async function sendMissingLayers(
  reference: string,
  node: string,
  { store, load }: NodeCommands,
  run: CommandRunner,
): Promise<string | undefined> {
  if (store === "minikube") return undefined;
  const push = new LayerPush(reference, run);
  try {
    const asked = layersOnNode(store, node, new KnownLayers().read(), run);
    const [{ id, layers }, onNode] = await Promise.all([inspect(reference, run), asked]);
    // An image that is new as a whole goes faster as a whole: a push would compress it.
    if (onNode === undefined || !onNode.has(layers, 0)) return undefined;
    const wanted = new Set(layers.filter((_diffId, index) => !onNode.has(layers, index)));
    const image = await push.take(id, (diffId) => wanted.has(diffId)).catch(() => undefined);
    // The other name goes while the node reads.
    push.close();
    if (image === undefined) return undefined;
    const lacking = image.layers.map((layer) => (wanted.has(layer.diffId) ? layer : { ...layer, content: undefined }));
    return await run.feed(await makeArchive(reference, { ...image, layers: lacking }, onNode.blobs), load(node));
  } finally {
    await push.close();
  }
}

/** An image's ID, and the diff IDs of its layers, the lowest first. */
async function inspect(reference: string, run: CommandRunner): Promise<{ id: string; layers: string[] }> {
  const format = '{"id":{{json .Id}},"layers":{{json .RootFS.Layers}}}';
  return JSON.parse(await run.output(["docker", "image", "inspect", "--format", format, reference])) as {
    id: string;
    layers: string[];
  };
}
