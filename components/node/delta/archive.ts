import { createHash } from "node:crypto";
import { packTar } from "modern-tar";
import { normalizedReference } from "../target.ts";
import type { PushedImage } from "./push.ts";

/** What a runtime takes images in. */
export type ArchiveFormat = "oci" | "docker";

/**
 * Makes an archive of an image that lacks the layers which were not wanted. containerd and Docker both take such an archive
 * where they have these layers.
 */
export async function makeArchive(format: ArchiveFormat, reference: string, image: PushedImage): Promise<Buffer> {
  const files = format === "oci" ? ociFiles(reference, image) : dockerFiles(reference, image);
  const entries = files.map(([name, body]) => ({ header: { name, size: body.length }, body }));
  return Buffer.from(await packTar(entries));
}

type File = readonly [name: string, content: Buffer];

/**
 * https://github.com/opencontainers/image-spec/blob/main/image-layout.md , layers uncompressed: then a layer's digest is its
 * diff ID, as in what `docker save` gives, and the node finds the blobs that it has.
 */
function ociFiles(reference: string, { config, layers }: PushedImage): File[] {
  const manifest = json({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: digestOf(config), size: config.length },
    layers: layers.map(({ diffId, size }) => ({
      mediaType: "application/vnd.oci.image.layer.v1.tar",
      digest: diffId,
      size,
    })),
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
  const sent = layers.flatMap(({ diffId, content }) => (content === undefined ? [] : [blob(diffId, content)]));
  return [
    ["oci-layout", json({ imageLayoutVersion: "1.0.0" })],
    ["index.json", index],
    blob(digestOf(manifest), manifest),
    blob(digestOf(config), config),
    ...sent,
  ];
}

/** What `docker save` writes: https://github.com/moby/docker-image-spec/blob/main/v1.2.md#combined-image-json--filesystem-changeset-format */
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
