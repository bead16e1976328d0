import type { ApiError } from "../api/problem";
import type { Listing, Todo } from "../api/todos";

/** A change that the page already shows and the server has not confirmed yet. */
export type Change =
  | { kind: "create"; token: string; todo: Todo }
  | { kind: "update"; token: string; id: string; fields: Partial<Pick<Todo, "title" | "notes" | "completed">> }
  | { kind: "delete"; token: string; id: string };

/**
 * What the server said last (`items`) and, apart from it, what the person has done since (`changes`). The page shows the
 * second laid over the first, so taking a failed change back is dropping it.
 */
export interface TodosState {
  /** Undefined until the first listing arrived. */
  items: Todo[] | undefined;
  /** How many todos the server holds, which may be more than are listed. */
  total: number;
  changes: Change[];
  /** Id of a todo made here -> the key its row had before the server named it, so that the row stays the same one. */
  keys: Record<string, string>;
  /** Why the last listing failed; undefined while all is well. */
  failure: ApiError | undefined;
}

export type TodosEvent =
  /** `outdated`: changes were on their way while it was read, so it proves that the server answers and no more. */
  | { type: "listed"; listing: Listing; outdated: boolean }
  | { type: "listing-failed"; error: ApiError }
  | { type: "began"; change: Change }
  | { type: "confirmed"; token: string; todo?: Todo }
  | { type: "dropped"; token: string };

export const INITIAL_STATE: TodosState = {
  items: undefined,
  total: 0,
  changes: [],
  keys: {},
  failure: undefined,
};

/** The next state; pure. */
export function reduce(state: TodosState, event: TodosEvent): TodosState {
  switch (event.type) {
    case "listed":
      if (event.outdated) return { ...state, failure: undefined };
      return { ...state, items: event.listing.items, total: event.listing.total, failure: undefined };
    case "listing-failed":
      return { ...state, failure: event.error };
    case "began":
      return { ...state, changes: [...state.changes, event.change] };
    case "dropped":
      return { ...state, changes: without(state.changes, event.token) };
    case "confirmed":
      return confirm(state, event.token, event.todo);
  }
}

function confirm(state: TodosState, token: string, todo: Todo | undefined): TodosState {
  const change = state.changes.find((candidate) => candidate.token === token);
  if (change === undefined) return state;
  const items = state.items ?? [];
  const next = { ...state, changes: without(state.changes, token) };
  if (change.kind === "delete") {
    return { ...next, items: items.filter((item) => item.id !== change.id), total: Math.max(0, state.total - 1) };
  }
  if (todo === undefined) return next;
  if (change.kind === "create") {
    const others = items.filter((item) => item.id !== todo.id);
    return {
      ...next,
      items: [todo, ...others],
      total: state.total + 1,
      keys: { ...state.keys, [todo.id]: change.todo.id },
    };
  }
  return { ...next, items: items.map((item) => (item.id === todo.id ? todo : item)) };
}

function without(changes: Change[], token: string): Change[] {
  return changes.filter((change) => change.token !== token);
}
