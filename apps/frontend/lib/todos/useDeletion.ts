import { useCallback, useEffect, useMemo, useRef } from "react";
import { asApiError } from "../api/problem";
import { deleteTodo, type Todo } from "../api/todos";
import type { Change } from "./state";
import type { Outcome } from "./useTodos";

/** Deleting in two steps, so that it can be taken back: the row goes at once, the request when the time to undo is up. */
export interface Deletion {
  /** Hides the todo; nothing is sent yet. */
  begin: (id: string) => void;
  /** Shows it again. */
  undo: (id: string) => void;
  /** Sends the request. A todo that is already gone counts as deleted. */
  commit: (id: string) => Promise<Outcome>;
}

interface Parts {
  begin: (change: Change) => void;
  drop: (token: string) => void;
  send: (id: string, token: string, task: () => Promise<Todo | undefined>) => Promise<Outcome>;
  settle: (outcome: Outcome) => Outcome;
}

/** The deletions that can still be undone. A page that closes meanwhile sends them with its last breath. */
export function useDeletion({ begin, drop, send, settle }: Parts): Deletion {
  const hidden = useRef(new Set<string>());

  useEffect(() => {
    function flush(): void {
      // A refusal has nobody left to be told: the todo is simply there again at the next visit.
      for (const id of hidden.current) deleteTodo(id, { keepalive: true }).catch(() => undefined);
      hidden.current.clear();
    }
    window.addEventListener("pagehide", flush);
    return () => window.removeEventListener("pagehide", flush);
  }, []);

  const hide = useCallback(
    (id: string) => {
      hidden.current.add(id);
      begin({ kind: "delete", token: deletionToken(id), id });
    },
    [begin],
  );

  const undo = useCallback(
    (id: string) => {
      if (hidden.current.delete(id)) drop(deletionToken(id));
    },
    [drop],
  );

  const commit = useCallback(
    async (id: string) => {
      if (!hidden.current.delete(id)) return undefined;
      return settle(await send(id, deletionToken(id), () => deleteOnce(id)));
    },
    [send, settle],
  );

  return useMemo(() => ({ begin: hide, undo, commit }), [hide, undo, commit]);
}

function deletionToken(id: string): string {
  return `delete-${id}`;
}

async function deleteOnce(id: string): Promise<undefined> {
  try {
    await deleteTodo(id);
  } catch (thrown) {
    const error = asApiError(thrown);
    if (error.kind !== "missing") throw error;
  }
}
