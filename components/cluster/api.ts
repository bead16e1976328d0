import * as http from "node:http";
import * as https from "node:https";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { type Credentials, readCredentials } from "./credentials.ts";
import { type ContextFacts, findContext } from "./kubeconfig.ts";

/** An answer of the API server that is an error; `status` is HTTP's. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "ApiError";
    this.status = status;
  }
}

/** A Kubernetes object, as far as every kind has it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
  };
}

interface ApiRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly body?: unknown;
  readonly contentType?: string;
}

/** How long one request may take, in milliseconds. */
const requestTimeout = 10_000;

/** What the program calls itself where it sets fields: https://kubernetes.io/docs/reference/using-api/server-side-apply/#managers */
export const fieldManager = "todo-stack";

/** Connections at once: beyond a few, the handshakes take longer than the answers. */
const maxSockets = 4;

/** What the program asks of an API server itself; what it makes there, the Kubernetes provider makes. */
export class ClusterApi {
  private readonly server: string;
  private readonly credentials: Credentials;
  private readonly agent: http.Agent;

  private constructor(server: string, credentials: Credentials) {
    this.server = server.replace(/\/$/, "");
    this.credentials = credentials;
    this.agent = server.startsWith("https:")
      ? new https.Agent({ keepAlive: true, maxSockets, ...credentials.tls })
      : new http.Agent({ keepAlive: true, maxSockets });
  }

  /**
   * The API server of a context, with the context's credentials.
   *
   * @throws Error when the credentials cannot be had.
   */
  static async of(facts: ContextFacts): Promise<ClusterApi> {
    return new ClusterApi(facts.server, await readCredentials(facts));
  }

  /**
   * The API server of the context of this name.
   *
   * @param paths - The kubeconfig files, from `kubeconfigPaths`.
   * @throws Error when no file names the context, or its credentials cannot be had.
   */
  static async named(paths: readonly string[], context: string): Promise<ClusterApi> {
    const facts = findContext(paths, context);
    if (facts === undefined) throw new Error(`No kubeconfig names the context "${context}".`);
    return ClusterApi.of(facts);
  }

  /**
   * Reads one object or list; `undefined` where there is none.
   *
   * @throws ApiError where the server refuses; Error where it does not answer.
   */
  get<T>(path: string): Promise<T | undefined> {
    return this.json<T>(path, { method: "GET" });
  }

  /** Reads a text, such as a log; `undefined` where there is none. */
  text(path: string): Promise<string | undefined> {
    return this.request(path, { method: "GET" });
  }

  /** Deletes one object; one that is gone already is no error. */
  async delete(path: string): Promise<void> {
    await this.request(path, { method: "DELETE" });
  }

  /**
   * Makes one object, under the path of its kind.
   *
   * @returns The object as the server made it.
   * @throws ApiError where the server refuses, or there is no such path.
   */
  async create<T>(path: string, object: unknown): Promise<T> {
    const made = await this.json<T>(path, { method: "POST", body: object, contentType: "application/json" });
    if (made === undefined) throw new ApiError(404, `POST ${path} was answered 404`);
    return made;
  }

  /** Changes fields of one object, entries of lists by their names; https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/ */
  async mergeByName(path: string, fields: unknown): Promise<void> {
    const contentType = "application/strategic-merge-patch+json";
    await this.request(`${path}?fieldManager=${fieldManager}`, { method: "PATCH", body: fields, contentType });
  }

  /** Changes fields of one object; https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-apply */
  async merge(path: string, fields: unknown): Promise<void> {
    await this.request(path, { method: "PATCH", body: fields, contentType: "application/merge-patch+json" });
  }

  /**
   * What an object would be after a server-side apply of these fields; nothing is changed.
   * https://kubernetes.io/docs/reference/using-api/server-side-apply/
   */
  wouldApply<T>(path: string, fields: unknown): Promise<T | undefined> {
    const contentType = "application/apply-patch+yaml";
    const query = `dryRun=All&force=true&fieldManager=${fieldManager}-comparison`;
    return this.json<T>(`${path}?${query}`, { method: "PATCH", body: fields, contentType });
  }

  /**
   * The lines of an answer as they come, until the server or the signal ends it: of a watch or a log that is followed.
   *
   * @throws Error where the connection breaks.
   */
  async *lines(path: string, signal: AbortSignal): AsyncGenerator<string> {
    const { server, credentials } = this;
    const { request } = server.startsWith("https:") ? https : http;
    // A connection of its own: it lasts, and must not take the place of the questions that are asked meanwhile.
    const options = { agent: false, headers: this.headers(), signal, ...credentials.tls };
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      request(`${server}${path}`, options, resolve).on("error", reject).end();
    });
    try {
      const status = response.statusCode ?? 0;
      if (status >= 300) throw new ApiError(status, refusal("GET", path, status, await text(response)));
      yield* createInterface({ input: response });
    } finally {
      response.destroy();
    }
  }

  private headers(contentType?: string): Record<string, string> {
    const { authorization } = this.credentials;
    return {
      accept: "application/json",
      ...(authorization !== undefined && { authorization }),
      ...(contentType !== undefined && { "content-type": contentType }),
    };
  }

  private async json<T>(path: string, request: ApiRequest): Promise<T | undefined> {
    const text = await this.request(path, request);
    return text === undefined ? undefined : (JSON.parse(text) as T);
  }

  private request(path: string, { method, body, contentType }: ApiRequest): Promise<string | undefined> {
    const { agent } = this;
    const headers = this.headers(contentType);
    const { request } = this.server.startsWith("https:") ? https : http;
    return new Promise((resolve, reject) => {
      const sent = request(`${this.server}${path}`, { method, agent, headers, timeout: requestTimeout }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const status = response.statusCode ?? 0;
          const answer = Buffer.concat(chunks).toString("utf8");
          if (status < 300) resolve(answer);
          else if (status === 404) resolve(undefined);
          else reject(new ApiError(status, refusal(method, path, status, answer)));
        });
      });
      sent.on("timeout", () => sent.destroy(new Error(`no answer within ${requestTimeout / 1000} s`)));
      sent.on("error", reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

/** The server explains itself in a `Status` object: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
function refusal(method: string, path: string, status: number, text: string): string {
  const said = /"message":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? text.slice(0, 200);
  return `${method} ${path.split("?")[0]} was answered ${status}: ${said}`;
}
