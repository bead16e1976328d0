import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ClusterApi } from "../../components/cluster/api.ts";

/** A request that changed something, as the stand-in noted it. */
export interface Change {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/**
 * A stand-in for a cluster's API server: it answers GET with what a test put under a path, dry runs with what a test says
 * they would come to, a POST with its own body, and everything else with 404.
 */
export class ApiServer {
  /** Path, with its query where it matters, to the answer; a text, such as a log, is given as it is. */
  readonly objects = new Map<string, unknown>();
  /** Path to what a server-side apply would come to; without an entry, to what is there. */
  readonly applied = new Map<string, unknown>();
  /** Path to what each watch of it tells, one watch after the other, or each log that is followed; `null` ends it. */
  readonly watches = new Map<string, unknown[][]>();
  /** How many watches are open: each is until who watches ends it. Those of `watches` that tell nothing end at once. */
  openWatches = 0;
  /** The token of every account that is asked for one. */
  token = "";
  /** Paths that are answered with 403. */
  readonly refusals = new Set<string>();
  readonly changes: Change[] = [];
  private readonly server = createServer((request, response) => void this.answer(request, response));

  /** Starts one; it keeps no test run alive. */
  static async start(): Promise<ApiServer> {
    const stand = new ApiServer();
    await new Promise<void>((resolve) => stand.server.listen(0, "127.0.0.1", resolve));
    stand.server.unref();
    stand.server.on("connection", (socket) => socket.unref());
    stand.reset();
    return stand;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The program's own client, without credentials. */
  client(): Promise<ClusterApi> {
    const facts = { name: "stand-in", server: this.url, cluster: { server: this.url }, user: {} };
    return ClusterApi.of({ ...facts, folders: { cluster: "", user: "" } });
  }

  /** A cluster with nothing in it. */
  reset(): void {
    this.objects.clear();
    this.applied.clear();
    this.watches.clear();
    this.refusals.clear();
    this.changes.length = 0;
    this.objects.set("/api/v1/namespaces/kube-system", {
      metadata: { name: "kube-system", uid: "uid-of-the-cluster" },
    });
  }

  /** What was asked for, and for a token request the token. */
  private made(path: string, body: unknown): unknown {
    return path.endsWith("/token") ? { status: { token: this.token } } : body;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? "";
    const path = url.split("?")[0] ?? "";
    const method = request.method ?? "GET";
    const dryRun = url.includes("dryRun=All");
    const body = await readBody(request);
    if (method !== "GET" && !dryRun) this.changes.push({ method, path, body });
    const watched = /[?&](watch|follow)=true/.test(url) ? this.watches.get(path)?.shift() : undefined;
    if (watched !== undefined) {
      this.watch(response, watched);
      return;
    }
    const there = method === "POST" ? this.made(path, body) : undefined;
    const found =
      there ?? (dryRun ? this.applied.get(path) : undefined) ?? this.objects.get(url) ?? this.objects.get(path);
    const refused = this.refusals.has(path);
    response.statusCode = refused ? 403 : found === undefined ? 404 : 200;
    response.setHeader("content-type", "application/json");
    const status = { kind: "Status", message: refused ? "forbidden" : "not found" };
    const answer = refused ? status : (found ?? status);
    response.end(typeof answer === "string" ? answer : JSON.stringify(answer));
  }

  private watch(response: ServerResponse, events: readonly unknown[]): void {
    this.openWatches += 1;
    response.on("close", () => {
      this.openWatches -= 1;
    });
    for (const event of events.filter((event) => event !== null)) {
      response.write(`${typeof event === "string" ? event : JSON.stringify(event)}\n`);
    }
    if (events.length === 0 || events.includes(null)) response.end();
  }
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString("utf8"));
}
