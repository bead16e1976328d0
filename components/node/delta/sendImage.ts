import type { CommandRunner } from "../process.ts";
import type { NodeCommands } from "../target.ts";
import { makeArchive } from "./archive.ts";
import { KnownLayers } from "./knownLayers.ts";
import { layersOnNode } from "./nodeLayers.ts";
import { takeLayers } from "./push.ts";

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
  const [{ id, layers }, known] = await Promise.all([inspect(reference, run), new KnownLayers().read()]);
  const onNode = await layersOnNode(store, node, known.values(), run);
  // An image that is new as a whole goes faster as a whole: a push would compress it.
  if (onNode === undefined || !onNode.has(layers, 0)) return undefined;
  const wanted = new Set(layers.filter((_diffId, index) => !onNode.has(layers, index)));
  const image = await takeLayers({ reference, id }, (diffId) => wanted.has(diffId), run).catch(() => undefined);
  if (image === undefined) return undefined;
  const lacking = image.layers.map((layer) => (wanted.has(layer.diffId) ? layer : { ...layer, content: undefined }));
  return run.feed(await makeArchive(reference, { ...image, layers: lacking }, onNode.blobs), load(node));
}

/** An image's ID, and the diff IDs of its layers, the lowest first. */
async function inspect(reference: string, run: CommandRunner): Promise<{ id: string; layers: string[] }> {
  const format = '{"id":{{json .Id}},"layers":{{json .RootFS.Layers}}}';
  return JSON.parse(await run.output(["docker", "image", "inspect", "--format", format, reference])) as {
    id: string;
    layers: string[];
  };
}
