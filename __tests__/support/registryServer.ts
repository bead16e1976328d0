import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How a registry asks for a login. */
export type Lock = "open" | "basic" | "bearer";

/** A small stand-in for a registry and its token server, which takes one login. */
export class RegistryServer {
  /** `localhost:<port>` */
  address = "";
  /** `<name>:<tag>` to digest. */
  readonly tags = new Map<string, string>();
  /** Method, path and the kind of authorization of each request. */
  readonly asked: string[] = [];
  lock: Lock = "open";
  /** Whether the digest stands in a header, as it may. */
  tellsDigest = true;
  /** In place of every answer. */
  status: number | undefined;
  readonly login = `Basic ${Buffer.from("reader:pass:word").toString("base64")}`;
  #server: Server | undefined;

  async start(): Promise<this> {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    await new Promise<void>((resolve) => this.#server?.listen(0, "127.0.0.1", resolve));
    this.address = `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  stop(): Promise<void> {
    if (!this.#server?.listening) return Promise.resolve();
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server?.close(() => resolve()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const url = new URL(request.url ?? "/", `http://${this.address}`);
    const shown = request.headers.authorization;
    this.asked.push(`${request.method} ${url.pathname} ${shown?.split(" ")[0] ?? "nothing"}`);
    if (url.pathname === "/token") return this.#token(request, url, response);
    if (this.status !== undefined) return response.writeHead(this.status).end();
    const wanted = { open: undefined, basic: this.login, bearer: "Bearer drawn-token" }[this.lock];
    if (wanted !== undefined && shown !== wanted) return this.#challenge(response);
    const [, name = "", tag = ""] = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(url.pathname) ?? [];
    const digest = this.tags.get(`${name}:${tag}`);
    if (digest === undefined) return response.writeHead(404).end();
    return response.writeHead(200, this.tellsDigest ? { "docker-content-digest": digest } : {}).end("a manifest");
  }

  #challenge(response: ServerResponse): unknown {
    const realm = `http://${this.address}/token`;
    const challenge =
      this.lock === "basic"
        ? 'Basic realm="here"'
        : `Bearer realm="${realm}",service="the \\"service\\"",scope="repository:acme/app:pull"`;
    return response.writeHead(401, { "www-authenticate": challenge }).end();
  }

  async #token(request: IncomingMessage, url: URL, response: ServerResponse): Promise<unknown> {
    const form = new URLSearchParams(Buffer.concat(await request.toArray()).toString("utf8"));
    const given = request.method === "POST" ? form : url.searchParams;
    const known = request.headers.authorization === this.login || form.get("refresh_token") === "kept-token";
    const right = given.get("service") === 'the "service"' && given.get("scope") === "repository:acme/app:pull";
    if (!known || !right) return response.writeHead(401).end();
    const name = request.method === "POST" ? "access_token" : "token";
    return response
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ [name]: "drawn-token" }));
  }
}
