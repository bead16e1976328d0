import { vi } from "vitest";
import type { Todo } from "@/lib/api/todos";

/** How the API in memory behaves; a function may answer one request by itself. */
type Trouble = (method: string, path: string) => Response | Promise<Response> | undefined;

/** A todo with only what a test is about. */
export function todo(title: string, fields: Partial<Todo> = {}): Todo {
  const time = "2026-01-01T10:00:00Z";
  return { id: `id-of-${title}`, title, notes: "", completed: false, created_at: time, updated_at: time, ...fields };
}

/** A problem document as the backend writes it. */
export function problem(status: number, fields: object = {}): Response {
  return Response.json({ type: "about:blank", status, ...fields }, { status });
}

/** A connection that broke before there was an answer, as `fetch` says it. */
export function broken(): Promise<never> {
  return Promise.reject(new TypeError("Failed to fetch"));
}

/** The todo API in memory, in place of `fetch`. */
export class FakeApi {
  todos: Todo[];
  requests: { method: string; path: string; body: unknown; keepalive: boolean; key: string | null }[] = [];
  /** Answers instead of the API as long as it is set and returns something. */
  trouble: Trouble | undefined;

  constructor(...todos: Todo[]) {
    this.todos = todos;
    vi.stubGlobal("fetch", (path: string, init: RequestInit) => this.answer(path, init));
  }

  /** The requests of one method, as `path` or `path body`. */
  sent(method: string): string[] {
    const ours = this.requests.filter((request) => request.method === method);
    return ours.map(({ path, body }) => (body === undefined ? path : `${path} ${JSON.stringify(body)}`));
  }

  private async answer(path: string, init: RequestInit): Promise<Response> {
    const method = init.method ?? "GET";
    const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : undefined;
    const key = new Headers(init.headers).get("idempotency-key");
    this.requests.push({ method, path, body, keepalive: init.keepalive === true, key });
    const aborted = new Promise<never>((_, reject) => {
      init.signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
    });
    const trouble = this.trouble?.(method, path);
    return Promise.race([trouble ?? this.handle(method, new URL(path, "http://page"), body), aborted]);
  }

  private handle(method: string, url: URL, body: unknown): Response {
    if (url.pathname === "/api/version") return Response.json({ version: "1.2.3" });
    const id = decodeURIComponent(url.pathname.replace(/^\/api\/todos\/?/, ""));
    if (id === "") return method === "POST" ? this.create(body as Partial<Todo>) : this.list(url.searchParams);
    const found = this.todos.find((candidate) => candidate.id === id);
    if (found === undefined) return problem(404, { title: "Not found", detail: "No todo has this id." });
    if (method === "DELETE") {
      this.todos = this.todos.filter((candidate) => candidate !== found);
      return new Response(null, { status: 204 });
    }
    const changed = { ...found, ...(body as Partial<Todo>) };
    this.todos = this.todos.map((candidate) => (candidate === found ? changed : candidate));
    return Response.json(changed);
  }

  private create(body: Partial<Todo>): Response {
    const created = todo(body.title ?? "", { ...body, id: `server-${this.todos.length}` });
    this.todos = [created, ...this.todos];
    return Response.json(created, { status: 201 });
  }

  private list(query: URLSearchParams): Response {
    const offset = Number(query.get("offset"));
    const items = this.todos.slice(offset, offset + Number(query.get("limit")));
    return Response.json({ items, total: this.todos.length });
  }
}

/** A request that is answered when the test says so. */
export function later(): { response: Promise<Response>; answer: (response: Response) => void } {
  let answer: (response: Response) => void = () => {};
  const response = new Promise<Response>((resolve) => {
    answer = resolve;
  });
  return { response, answer };
}
