import { useCallback, useEffect, useMemo, useReducer, useRef } from "react";
import { type ApiError, asApiError } from "../api/problem";
import { createTodo, type Draft, type Listing, type Todo, updateTodo } from "../api/todos";
import { countByFilter, type Filter, type Row, selectRows } from "./selectors";
import { type Change, INITIAL_STATE, reduce } from "./state";
import { type Deletion, useDeletion } from "./useDeletion";
import { type Traffic, useListing } from "./useListing";

/** What became of a change: undefined when the server took it, otherwise why it was taken back. */
export type Outcome = ApiError | undefined;

export interface Todos {
  rows: Row[];
  counts: Record<Filter, number>;
  /** How many todos the server holds beyond those listed. */
  unlisted: number;
  /** Whether the list was ever read. */
  loaded: boolean;
  /** Why the list cannot be read at the moment; reading it is repeated without help. */
  failure: ApiError | undefined;
  /** Reads the list at once. */
  refresh: () => void;
  add: (draft: Draft) => Promise<Outcome>;
  update: (id: string, fields: Partial<Draft & Pick<Todo, "completed">>) => Promise<Outcome>;
  deletion: Deletion;
}

/** The todos and what can be done to them. Every change shows at once and is taken back if the server refuses it. */
export function useTodos(): Todos {
  const [state, dispatch] = useReducer(reduce, INITIAL_STATE);
  const traffic = useRef<Traffic>({ inFlight: 0, confirmed: 0 });
  const queues = useRef(new Map<string, Promise<unknown>>());

  const changes = useRef(0);
  const nextToken = useCallback(() => {
    changes.current += 1;
    return `change-${changes.current}`;
  }, []);

  const onListed = useCallback((listing: Listing, outdated: boolean) => {
    dispatch({ type: "listed", listing, outdated });
  }, []);
  const onFailed = useCallback((error: ApiError) => dispatch({ type: "listing-failed", error }), []);
  const refresh = useListing({ traffic, onListed, onFailed });

  /** Sends what was already shown. Changes of one todo go out one after another, or the last might not win. */
  const send = useCallback(
    async (id: string, token: string, task: () => Promise<Todo | undefined>): Promise<Outcome> => {
      traffic.current.inFlight += 1;
      const turn = (queues.current.get(id) ?? Promise.resolve()).then(task);
      queues.current.set(
        id,
        turn.catch(() => undefined),
      );
      try {
        const todo = await turn;
        traffic.current.confirmed += 1;
        dispatch({ type: "confirmed", token, ...(todo && { todo }) });
        return undefined;
      } catch (thrown) {
        const error = asApiError(thrown);
        dispatch({ type: "dropped", token });
        return error;
      } finally {
        traffic.current.inFlight -= 1;
      }
    },
    [],
  );

  /** After a failure the list is read anew: it shows what the server really has, and whether it answers at all. */
  const settle = useCallback(
    (outcome: Outcome): Outcome => {
      if (outcome !== undefined && outcome.kind !== "invalid") refresh();
      return outcome;
    },
    [refresh],
  );

  const begin = useCallback((change: Change) => dispatch({ type: "began", change }), []);
  const drop = useCallback((token: string) => dispatch({ type: "dropped", token }), []);

  const add = useCallback(
    async (draft: Draft) => {
      const token = nextToken();
      const now = new Date().toISOString();
      const todo: Todo = { ...draft, id: token, completed: false, created_at: now, updated_at: now };
      begin({ kind: "create", token, todo });
      return settle(await send(token, token, () => createTodo(draft)));
    },
    [begin, nextToken, send, settle],
  );

  const update = useCallback<Todos["update"]>(
    async (id, fields) => {
      const token = nextToken();
      begin({ kind: "update", token, id, fields });
      return settle(await send(id, token, () => updateTodo(id, fields)));
    },
    [begin, nextToken, send, settle],
  );

  const deletion = useDeletion({ begin, drop, send, settle });
  const rows = useMemo(() => selectRows(state), [state]);
  const counts = useMemo(() => countByFilter(rows), [rows]);
  const loaded = state.items !== undefined;

  useEffect(() => {
    document.title = loaded && counts.active > 0 ? `(${counts.active}) Todo` : "Todo";
  }, [loaded, counts.active]);

  const unlisted = Math.max(0, state.total - (state.items?.length ?? 0));
  return { rows, counts, unlisted, loaded, failure: state.failure, refresh, add, update, deletion };
}
