import { createHash } from "node:crypto";
import { once } from "node:events";
import { createGunzip } from "node:zlib";

/** A layer that was uploaded. */
export interface UploadedLayer {
  /** The digest of its tar archive. */
  readonly diffId: string;
  /** The length of its tar archive in bytes. */
  readonly size: number;
  /** The length in bytes as it came, compressed. */
  readonly compressedSize: number;
  /** What came, compressed; absent where nobody wants it. */
  readonly content: Buffer | undefined;
}

/** A blob on its way: a layer is known by gzip's first two bytes, everything else is a document. */
export class Unfinished {
  /** Bytes so far. */
  received = 0;
  private readonly keep: boolean;
  private readonly chunks: Buffer[] = [];
  private readonly hash = createHash("sha256");
  private readonly unpackedHash = createHash("sha256");
  private size = 0;
  private gunzip: ReturnType<typeof createGunzip> | undefined;
  private unpacking: Promise<unknown> | undefined;

  /** @param keep - Whether a layer's content is wanted, or its size alone. */
  constructor(keep: boolean) {
    this.keep = keep;
  }

  /** Takes the next part. */
  async take(stream: AsyncIterable<Buffer>): Promise<void> {
    for await (const chunk of stream) {
      if (this.received === 0 && chunk[0] === 0x1f && chunk[1] === 0x8b) this.unpack();
      this.received += chunk.length;
      this.hash.update(chunk);
      if (this.gunzip === undefined || this.keep) this.chunks.push(chunk);
      if (this.gunzip?.write(chunk) === false) await once(this.gunzip, "drain");
    }
  }

  /**
   * What it was.
   *
   * @throws Error where it is not what its digest says.
   */
  async end(digest: string): Promise<{ readonly document?: Buffer; readonly layer?: UploadedLayer }> {
    if (digest !== `sha256:${this.hash.digest("hex")}`) throw new Error(`the push brought something else as ${digest}`);
    if (this.gunzip === undefined) return { document: Buffer.concat(this.chunks) };
    this.gunzip.end();
    await this.unpacking;
    const diffId = `sha256:${this.unpackedHash.digest("hex")}`;
    const content = this.keep ? Buffer.concat(this.chunks) : undefined;
    return { layer: { diffId, size: this.size, compressedSize: this.received, content } };
  }

  private unpack(): void {
    this.gunzip = createGunzip();
    this.gunzip.on("data", (chunk: Buffer) => {
      this.size += chunk.length;
      this.unpackedHash.update(chunk);
    });
    this.unpacking = once(this.gunzip, "end");
    // Awaited at the end; what is no gzip at all is found out before.
    this.unpacking.catch(() => undefined);
  }
}
