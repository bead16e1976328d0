import type { Todo } from "../api/todos";
import type { TodosState } from "./state";

export type Filter = "all" | "active" | "completed";

/** A todo as a row of the list. */
export interface Row extends Todo {
  /** Stays the same from the first keystroke's todo to the server's: React's key. */
  key: string;
  /** Being created: it has no id yet by which it could be changed. */
  creating: boolean;
}

/** The server's list with the unconfirmed changes laid over it, newest first. */
export function selectRows(state: TodosState): Row[] {
  let rows = (state.items ?? []).map(
    (todo): Row => ({ ...todo, key: state.keys[todo.id] ?? todo.id, creating: false }),
  );
  for (const change of state.changes) {
    if (change.kind === "create") rows = [{ ...change.todo, key: change.todo.id, creating: true }, ...rows];
    else if (change.kind === "delete") rows = rows.filter((row) => row.id !== change.id);
    else rows = rows.map((row) => (row.id === change.id ? { ...row, ...change.fields } : row));
  }
  return rows;
}

export function matches(row: Pick<Todo, "completed">, filter: Filter): boolean {
  return filter === "all" || row.completed === (filter === "completed");
}

export function countByFilter(rows: Row[]): Record<Filter, number> {
  const completed = rows.filter((row) => row.completed).length;
  return { all: rows.length, active: rows.length - completed, completed };
}
