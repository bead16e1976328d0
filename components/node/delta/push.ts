import { createHash } from "node:crypto";
import type { CommandRunner } from "../process.ts";
import { type KnownLayer, KnownLayers } from "./knownLayers.ts";
import { openRegistry, type Registry, type Upload } from "./registry.ts";

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

/** A push of one image to this process. It is closed when it was taken, and also when nothing came of it. */
export class LayerPush {
  private readonly reference: string;
  private readonly run: CommandRunner;
  private readonly registry: Promise<Registry>;
  private readonly name: Promise<string>;
  private closing: Promise<void> | undefined;

  /**
   * Opens the registry and gives the image the name that a push needs, since a push goes where the name says. That takes as
   * long as asking a node, and is done meanwhile.
   */
  constructor(reference: string, run: CommandRunner) {
    this.reference = reference;
    this.run = run;
    this.registry = openRegistry();
    this.name = this.registry.then(({ address }) => this.tag(address));
    // Whoever takes the layers is told; closing is no reason to tell.
    this.name.catch(() => undefined);
  }

  /**
   * Takes the image from the engine without the layers that are not wanted. Reading them is what makes `docker save` slow; a
   * push asks first.
   *
   * @param id - The image's ID: `docker image inspect --format {{.Id}}`.
   * @param wants - Whether a layer is wanted, by its diff ID.
   * @throws Error where the engine cannot reach this machine (an engine in a virtual machine), or another image came.
   */
  take(id: string, wants: (diffId: string) => boolean, known: KnownLayers = new KnownLayers()): Promise<PushedImage> {
    return this.push(id, { has: (layer) => layer !== undefined && !wants(layer.diffId), keep: true }, known);
  }

  /**
   * Lets the engine compress the image's layers now, which it does once for each: the next push of an image that shares them
   * does not wait for it.
   *
   * @throws Error as `take` does.
   */
  async prime(id: string, known: KnownLayers = new KnownLayers()): Promise<void> {
    await this.push(id, { has: (layer) => layer !== undefined, keep: false }, known);
  }

  /** Takes the image's other name away; where that fails, the name hinders nobody. */
  close(): Promise<void> {
    this.closing ??= this.untag();
    return this.closing;
  }

  private async push(id: string, { has, keep }: Wishes, known: KnownLayers): Promise<PushedImage> {
    const [registry, name, layers] = await Promise.all([this.registry, this.name, known.read()]);
    const wishes = { has: (digest: string) => has(layers.get(digest)), keep };
    const upload = await registry.receive(wishes, () => this.run.output(["docker", "push", "--quiet", name]));
    const read = readImage(upload, layers);
    // Whoever else is on this machine can push to that address too.
    if (![digestOf(read.config), digestOf(upload.manifest)].includes(id)) throw new Error("another image came");
    await known.add(read.layers.map(({ content: _content, ...layer }) => layer));
    return read;
  }

  private async tag(address: string): Promise<string> {
    const name = `${address}/${this.reference.slice(this.reference.lastIndexOf("/") + 1)}`;
    await this.run.output(["docker", "tag", this.reference, name]);
    return name;
  }

  private async untag(): Promise<void> {
    const [registry, name] = await Promise.allSettled([this.registry, this.name]);
    if (registry.status === "fulfilled") registry.value.close();
    if (name.status === "fulfilled") await this.run.output(["docker", "rmi", name.value]).catch(() => undefined);
  }
}

interface Wishes {
  readonly has: (layer: KnownLayer | undefined) => boolean;
  readonly keep: boolean;
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
