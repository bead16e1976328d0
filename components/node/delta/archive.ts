import { createHash } from "node:crypto";
import { packTar } from "modern-tar";
import { normalizedReference } from "../target.ts";
import type { PushedImage, PushedLayer } from "./push.ts";

/**
 * Makes an archive of an image that lacks the layers which were not wanted, for a runtime that has these. Docker finds them by
 * themselves; containerd finds them by the names of their blobs.
 *
 * @param blobs - The digests of containerd's blobs; none for Docker.
 */
export async function makeArchive(
  reference: string,
  image: PushedImage,
  blobs: ReadonlySet<string> | undefined,
): Promise<Buffer> {
  const files = blobs === undefined ? dockerFiles(reference, image) : ociFiles(reference, image, blobs);
  const entries = files.map(([name, body]) => ({ header: { name, size: body.length }, body }));
  return Buffer.from(await packTar(entries));
}

type File = readonly [name: string, content: Buffer];

/** https://github.com/opencontainers/image-spec/blob/main/image-layout.md */
function ociFiles(reference: string, { config, layers }: PushedImage, blobs: ReadonlySet<string>): File[] {
  const manifest = json({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: digestOf(config), size: config.length },
    layers: layers.map((layer) => descriptor(layer, blobs)),
  });
  const index = json({
    schemaVersion: 2,
    manifests: [
      {
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        digest: digestOf(manifest),
        size: manifest.length,
        // containerd's own: https://github.com/containerd/containerd/blob/main/core/images/annotations.go
        annotations: { "io.containerd.image.name": normalizedReference(reference) },
      },
    ],
  });
  const blob = (digest: string, content: Buffer): File => [`blobs/sha256/${digest.replace("sha256:", "")}`, content];
  const sent = layers.flatMap(({ compressed, content }) => (content === undefined ? [] : [blob(compressed, content)]));
  return [
    ["oci-layout", json({ imageLayoutVersion: "1.0.0" })],
    ["index.json", index],
    blob(digestOf(manifest), manifest),
    blob(digestOf(config), config),
    ...sent,
  ];
}

/** A layer by the name that the node has it under: uncompressed where it came from `docker save`, and else as it was pushed. */
function descriptor({ diffId, size, compressed, compressedSize, content }: PushedLayer, blobs: ReadonlySet<string>) {
  const type = "application/vnd.oci.image.layer.v1.tar";
  if (content === undefined && blobs.has(diffId)) return { mediaType: type, digest: diffId, size };
  return { mediaType: `${type}+gzip`, digest: compressed, size: compressedSize };
}

/** What `docker save` writes, but compressed, which `docker load` takes as well: https://github.com/moby/docker-image-spec/blob/main/v1.2.md#combined-image-json--filesystem-changeset-format */
function dockerFiles(reference: string, { config, layers }: PushedImage): File[] {
  const configName = `${digestOf(config).replace("sha256:", "")}.json`;
  const layerName = (diffId: string): string => `${diffId.replace("sha256:", "")}/layer.tar`;
  const manifest = [
    { Config: configName, RepoTags: [reference], Layers: layers.map(({ diffId }) => layerName(diffId)) },
  ];
  const sent = layers.flatMap(({ diffId, content }): File[] =>
    content === undefined ? [] : [[layerName(diffId), content]],
  );
  return [["manifest.json", json(manifest)], [configName, config], ...sent];
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}
