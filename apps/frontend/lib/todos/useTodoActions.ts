import { useEffect, useMemo, useRef } from "react";
import type { Announce } from "../announcer";
import type { Draft } from "../api/todos";
import { quote } from "../format";
import type { Notices } from "../notices";
import type { Row } from "./selectors";
import type { Outcome, Todos } from "./useTodos";

/** What a person can do, with everything they are told about it. */
export interface TodoActions {
  add: (draft: Draft) => Promise<Outcome>;
  toggle: (row: Row) => Promise<void>;
  edit: (row: Row, draft: Draft) => Promise<Outcome>;
  remove: (row: Row) => void;
}

interface Parts {
  todos: Todos;
  notices: Notices;
  announce: Announce;
}

/** Joins the todos with the notices and the announcements. Ctrl+Z or Cmd+Z outside of a text field undoes a deletion. */
export function useTodoActions({ todos, notices, announce }: Parts): TodoActions {
  const { add, update, deletion } = todos;
  const { show } = notices;

  const actions = useMemo<TodoActions>(() => {
    function tell(outcome: Outcome, failed: string, done: string): Outcome {
      if (outcome === undefined) announce(done);
      else {
        const text = `${failed} ${outcome.message}`;
        announce(text, "urgent");
        show({ slot: "error", text });
      }
      return outcome;
    }

    return {
      add: async (draft) =>
        tell(await add(draft), `${quote(draft.title)} was not added.`, `Added ${quote(draft.title)}.`),
      toggle: async (row) => {
        const completed = !row.completed;
        const done = completed ? `Completed ${quote(row.title)}.` : `${quote(row.title)} is active again.`;
        tell(await update(row.id, { completed }), `${quote(row.title)} was not changed.`, done);
      },
      edit: async (row, draft) =>
        tell(await update(row.id, draft), `${quote(row.title)} was not changed.`, `Saved ${quote(draft.title)}.`),
      remove: (row) => {
        const title = quote(row.title);
        deletion.begin(row.id);
        announce(`Deleted ${title}. Control Z takes it back.`);
        show({
          slot: "undo",
          text: `Deleted ${title}`,
          action: {
            label: "Undo",
            run: () => {
              deletion.undo(row.id);
              announce(`${title} is back.`);
            },
          },
          onEnd: async () => {
            const outcome = await deletion.commit(row.id);
            if (outcome !== undefined) tell(outcome, `${title} was not deleted.`, "");
          },
        });
      },
    };
  }, [add, update, deletion, announce, show]);

  useUndoKey(notices);
  return actions;
}

function useUndoKey(notices: Notices): void {
  const current = useRef(notices);
  current.current = notices;
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
      if (event.target instanceof HTMLElement && event.target.matches("input:not([type=checkbox]), textarea")) return;
      const undo = current.current.list.find((notice) => notice.slot === "undo");
      if (undo === undefined) return;
      event.preventDefault();
      current.current.act(undo.id);
    }
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
