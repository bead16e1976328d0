import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** A layer as an engine pushes it, and what is in it. */
export interface KnownLayer {
  /** The digest of the compressed layer, by which a push asks. */
  readonly compressed: string;
  /** The digest of the layer's tar archive, by which images and nodes name it. */
  readonly diffId: string;
  /** The length of that archive in bytes. */
  readonly size: number;
  /** The length of the compressed layer in bytes. */
  readonly compressedSize: number;
}

/** How many layers are kept in mind; each is some 200 bytes. */
const kept = 1000;

/**
 * Layers that were pushed before. A push names a layer by the digest of its compressed form, which says nothing of what is in
 * it; the pairs are found once and hold for ever. Where the file is lost, a push brings more than it need, and no more.
 */
export class KnownLayers {
  private readonly file: string;

  /** @param file - Where they are kept; by default in the cache folder of this user. */
  constructor(file: string = join(cacheFolder(), "layers.json")) {
    this.file = file;
  }

  /** All of them, by the digest of the compressed form. */
  async read(): Promise<Map<string, KnownLayer>> {
    try {
      const layers = JSON.parse(await readFile(this.file, "utf8")) as KnownLayer[];
      return new Map(layers.map((layer) => [layer.compressed, layer]));
    } catch {
      return new Map();
    }
  }

  /** Adds layers; two processes at once may lose some of each other's, and find them again. */
  async add(layers: readonly KnownLayer[]): Promise<void> {
    const known = await this.read();
    if (layers.every(({ compressed }) => known.has(compressed))) return;
    for (const layer of layers) known.set(layer.compressed, layer);
    await mkdir(dirname(this.file), { recursive: true });
    const half = `${this.file}.${process.pid}`;
    await writeFile(half, JSON.stringify([...known.values()].slice(-kept)));
    await rename(half, this.file);
  }
}

function cacheFolder({ TODO_STACK_CACHE, XDG_CACHE_HOME }: NodeJS.ProcessEnv = process.env): string {
  return TODO_STACK_CACHE || join(XDG_CACHE_HOME || join(homedir(), ".cache"), "todo-stack");
}
