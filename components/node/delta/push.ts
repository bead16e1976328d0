import { createHash } from "node:crypto";
import type { CommandRunner } from "../process.ts";
import { type KnownLayer, KnownLayers } from "./knownLayers.ts";
import { receivePush, type Upload } from "./registry.ts";

/** One layer of an image that was pushed. */
export interface PushedLayer extends KnownLayer {
  /** The compressed layer; absent where it was not wanted. */
  readonly content: Buffer | undefined;
}

/** An image as the engine pushed it. */
export interface PushedImage {
  /** The configuration as the engine has it: its digest is the image's ID. */
  readonly config: Buffer;
  /** The lowest layer first. */
  readonly layers: readonly PushedLayer[];
}

interface Manifest {
  readonly config?: { readonly digest: string };
  readonly layers?: readonly { readonly digest: string }[];
  /** An index instead: the image beside its attestations. */
  readonly manifests?: readonly { readonly digest: string; readonly annotations?: Readonly<Record<string, string>> }[];
}

/** An image in the engine. */
export interface EngineImage {
  readonly reference: string;
  /** `docker image inspect --format {{.Id}}` */
  readonly id: string;
}

/**
 * Takes an image from the engine without the layers that are not wanted. Reading them is what makes `docker save` slow; a
 * push asks first.
 *
 * @param wants - Whether a layer is wanted, by its diff ID.
 * @throws Error where the engine cannot reach this machine (an engine in a virtual machine), or another image came.
 */
export async function takeLayers(
  image: EngineImage,
  wants: (diffId: string) => boolean,
  run: CommandRunner,
  known: KnownLayers = new KnownLayers(),
): Promise<PushedImage> {
  const has = (layer: KnownLayer | undefined): boolean => layer !== undefined && !wants(layer.diffId);
  return pushed(image, { has, keep: true }, run, known);
}

/**
 * Lets the engine compress an image's layers now, which it does once for each: the next push of an image that shares them
 * does not wait for it.
 *
 * @throws Error as `takeLayers` does.
 */
export async function primeLayers(
  image: EngineImage,
  run: CommandRunner,
  known: KnownLayers = new KnownLayers(),
): Promise<void> {
  await pushed(image, { has: (layer) => layer !== undefined, keep: false }, run, known);
}

interface Wishes {
  readonly has: (layer: KnownLayer | undefined) => boolean;
  readonly keep: boolean;
}

async function pushed(
  image: EngineImage,
  { has, keep }: Wishes,
  run: CommandRunner,
  known: KnownLayers,
): Promise<PushedImage> {
  const layers = await known.read();
  const upload = await receivePush({ has: (digest) => has(layers.get(digest)), keep }, (address) =>
    push(image.reference, address, run),
  );
  const read = readImage(upload, layers);
  // Whoever else is on this machine can push to that address too.
  if (![digestOf(read.config), digestOf(upload.manifest)].includes(image.id)) throw new Error("another image came");
  await known.add(read.layers.map(({ content: _content, ...layer }) => layer));
  return read;
}

/** A push goes where the name says, so the image has another name for the time of it. */
async function push(reference: string, address: string, run: CommandRunner): Promise<void> {
  const name = `${address}/${reference.slice(reference.lastIndexOf("/") + 1)}`;
  await run.output(["docker", "tag", reference, name]);
  try {
    await run.output(["docker", "push", "--quiet", name]);
  } finally {
    await run.output(["docker", "rmi", name]);
  }
}

function readImage(upload: Upload, known: ReadonlyMap<string, KnownLayer>): PushedImage {
  const manifest = imageManifest(upload, JSON.parse(upload.manifest.toString()) as Manifest);
  const config = upload.documents.get(manifest.config?.digest ?? "");
  if (config === undefined) throw new Error("the push brought no configuration");
  const { rootfs } = JSON.parse(config.toString()) as { rootfs: { diff_ids: string[] } };
  const digests = manifest.layers ?? [];
  if (digests.length !== rootfs.diff_ids.length) throw new Error("the push's manifest and configuration differ");
  const layers = rootfs.diff_ids.map((diffId, index): PushedLayer => {
    const compressed = digests[index]?.digest ?? "";
    const uploaded = upload.layers.get(compressed);
    const layer = uploaded ?? known.get(compressed);
    if (layer?.diffId !== diffId) throw new Error(`the push brought no layer ${diffId}`);
    const { size, compressedSize } = layer;
    return { compressed, diffId, size, compressedSize, content: uploaded?.content };
  });
  return { config, layers };
}

/** Engines whose images are kept by containerd push an index; attestations are no images. */
function imageManifest({ documents }: Upload, manifest: Manifest): Manifest {
  const image = manifest.manifests?.find(({ annotations }) => annotations?.["vnd.docker.reference.type"] === undefined);
  if (image === undefined) return manifest;
  return JSON.parse(documents.get(image.digest)?.toString() ?? "{}") as Manifest;
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}
