import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { Unfinished, type UploadedLayer } from "./unfinished.ts";

/** What one push brought. */
export interface Upload {
  /** Digest to content, as sent: manifests and the configuration. */
  readonly documents: ReadonlyMap<string, Buffer>;
  /** Digest of the compressed layer to the layer. */
  readonly layers: ReadonlyMap<string, UploadedLayer>;
  /** The manifest that the tag names. */
  readonly manifest: Buffer;
}

/** How a push is answered. */
export interface PushWishes {
  /** Whether a layer need not be uploaded, by the digest of its compressed form. */
  readonly has: (digest: string) => boolean;
  /** Whether the uploaded layers' content is kept. */
  readonly keep: boolean;
}

/** A registry for one push. */
export interface Registry {
  /** `127.0.0.1:<port>` */
  readonly address: string;
  /**
   * Takes what is pushed to the address while `push` runs.
   *
   * @throws Error where the push fails, or ends without a manifest.
   */
  readonly receive: (wishes: PushWishes, push: () => Promise<unknown>) => Promise<Upload>;
  readonly close: () => void;
}

/**
 * Opens a registry on an address of this machine: the engine finds out by itself which layers are wanted, and reads and sends
 * only these. It knows the calls that a push makes:
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#push
 */
export async function openRegistry(): Promise<Registry> {
  let received: Received | undefined;
  const server = createServer((request, response) => {
    if (received === undefined) end(response, 503);
    else received.answer(request, response).catch((error: Error) => response.destroy(error));
  });
  // The engine takes 127.0.0.0/8 without TLS: https://docs.docker.com/reference/cli/dockerd/#insecure-registries
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    receive: async (wishes, push) => {
      received = new Received(wishes);
      await push();
      return received.upload();
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

class Received {
  private readonly wishes: PushWishes;
  private readonly documents = new Map<string, Buffer>();
  private readonly layers = new Map<string, UploadedLayer>();
  private readonly unfinished = new Map<string, Unfinished>();
  private manifest: Buffer | undefined;

  constructor(wishes: PushWishes) {
    this.wishes = wishes;
  }

  upload(): Upload {
    if (this.manifest === undefined) throw new Error("the push ended without a manifest");
    return { documents: this.documents, layers: this.layers, manifest: this.manifest };
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://registry");
    const [, repository = "", kind = "", name = ""] = /^\/v2\/(.+)\/(blobs|manifests)\/(.*)$/.exec(pathname) ?? [];
    response.setHeader("Docker-Distribution-Api-Version", "registry/2.0");
    if (request.method === "HEAD" || request.method === "GET") this.tell(response, pathname, kind, name);
    else if (kind === "manifests") await this.takeManifest(request, response, repository, name);
    else if (request.method === "POST") this.begin(response, repository);
    else await this.continue(request, response, repository, name, searchParams.get("digest"));
  }

  private begin(response: ServerResponse, repository: string): void {
    const id = String(this.unfinished.size + 1);
    this.unfinished.set(id, new Unfinished(this.wishes.keep));
    end(response, 202, { Location: `/v2/${repository}/blobs/uploads/${id}`, "Docker-Upload-UUID": id, Range: "0-0" });
  }

  /** A part of a blob, or with its digest the end of it. */
  private async continue(
    request: IncomingMessage,
    response: ServerResponse,
    repository: string,
    name: string,
    digest: string | null,
  ): Promise<void> {
    const upload = this.unfinished.get(name.replace("uploads/", ""));
    if (upload === undefined) {
      end(response, 404);
      return;
    }
    await upload.take(request);
    const range = `0-${Math.max(0, upload.received - 1)}`;
    const place = `/v2/${repository}/blobs/`;
    if (digest === null) {
      end(response, 202, { Location: place + name, Range: range });
      return;
    }
    const { document, layer } = await upload.end(digest);
    if (document !== undefined) this.documents.set(digest, document);
    if (layer !== undefined) this.layers.set(digest, layer);
    end(response, 201, { Location: place + digest, "Docker-Content-Digest": digest });
  }

  private tell(response: ServerResponse, pathname: string, kind: string, name: string): void {
    if (pathname === "/v2/") {
      end(response, 200);
      return;
    }
    const document = this.documents.get(name);
    const known = kind === "blobs" && (this.layers.has(name) || this.wishes.has(name));
    // The length of a known layer is nobody's concern: of the manifest that the engine writes it into, the digests are read.
    if (document === undefined && !known) end(response, 404);
    else end(response, 200, { "Docker-Content-Digest": name, "Content-Length": String(document?.length ?? 1) });
  }

  private async takeManifest(
    request: IncomingMessage,
    response: ServerResponse,
    repository: string,
    name: string,
  ): Promise<void> {
    const manifest = await buffer(request);
    const digest = digestOf(manifest);
    this.documents.set(digest, manifest);
    if (!name.startsWith("sha256:")) this.manifest = manifest;
    end(response, 201, { Location: `/v2/${repository}/manifests/${digest}`, "Docker-Content-Digest": digest });
  }
}

function end(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, headers).end();
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}
