import { type RequestOptions, request } from "./client";
import { ApiError } from "./problem";

/** A todo as the API returns it. Times are RFC 3339 in UTC. */
export interface Todo {
  id: string;
  title: string;
  notes: string;
  completed: boolean;
  created_at: string;
  updated_at: string;
}

/** What a person writes. */
export interface Draft {
  title: string;
  notes: string;
}

/** The longest title and notes that the API accepts, in characters after trimming. */
export const TITLE_LENGTH = 200;
export const NOTES_LENGTH = 2_000;

/** Todos per request: the most that the API hands out at once. */
const PAGE_SIZE = 200;
/** Requests per listing, so that a runaway table cannot freeze the page: the newest 2,000 todos are shown. */
const MAX_PAGES = 10;

/** The todos, newest first, and how many there are in all: more than `items` holds if the page's limit was reached. */
export interface Listing {
  items: Todo[];
  total: number;
}

/** Reads the whole list, page by page. Todos that slip to the next page while reading are kept once. */
export async function listTodos(options: RequestOptions = {}): Promise<Listing> {
  const found = new Map<string, Todo>();
  let total = 0;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const path = `/api/todos?limit=${PAGE_SIZE}&offset=${page * PAGE_SIZE}`;
    const answer = expect(await request("GET", path, options), isListing);
    for (const todo of answer.items) found.set(todo.id, todo);
    total = answer.total;
    if (answer.items.length < PAGE_SIZE || found.size >= total) break;
  }
  return { items: [...found.values()], total: Math.max(total, found.size) };
}

export async function createTodo(draft: Draft): Promise<Todo> {
  return expect(await request("POST", "/api/todos", { body: draft }), isTodo);
}

export async function updateTodo(id: string, change: Partial<Draft & { completed: boolean }>): Promise<Todo> {
  return expect(await request("PATCH", todoPath(id), { body: change }), isTodo);
}

export async function deleteTodo(id: string, options: RequestOptions = {}): Promise<void> {
  await request("DELETE", todoPath(id), options);
}

/** The version of the application that answers, e.g. `1.0.0`. */
export async function readVersion(): Promise<string> {
  return expect(await request("GET", "/api/version"), isVersion).version;
}

function todoPath(id: string): string {
  return `/api/todos/${encodeURIComponent(id)}`;
}

function expect<T>(answer: unknown, is: (value: unknown) => value is T): T {
  if (is(answer)) return answer;
  throw new ApiError("unexpected", "The server's answer could not be read.");
}

function hasKeys(value: unknown, types: Record<string, string>): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(types).every(([key, type]) => typeof Reflect.get(value, key) === type);
}

function isTodo(value: unknown): value is Todo {
  const text = "string";
  return hasKeys(value, { id: text, title: text, notes: text, completed: "boolean", created_at: text });
}

function isListing(value: unknown): value is Listing {
  return hasKeys(value, { items: "object", total: "number" }) && (value as Listing).items.every?.(isTodo) === true;
}

function isVersion(value: unknown): value is { version: string } {
  return hasKeys(value, { version: "string" });
}
