import { useCallback, useEffect, useId, useRef, useState } from "react";
import type { Draft } from "@/lib/api/todos";
import { formatAge } from "@/lib/format";
import type { Row } from "@/lib/todos/selectors";
import type { TodoActions } from "@/lib/todos/useTodoActions";
import { BinIcon, PencilIcon } from "./icons";
import { TodoEditor } from "./TodoEditor";
import styles from "./TodoItem.module.css";

interface TodoItemProps {
  row: Row;
  /** The time, for the todo's age. */
  now: number;
  actions: TodoActions;
  onFocus: () => void;
}

/** One todo: to read and tick, or to edit. */
export function TodoItem({ row, now, actions, onFocus }: TodoItemProps) {
  const [editing, setEditing] = useState<{ draft: Draft; message?: string }>();
  const pencil = useRef<HTMLButtonElement>(null);
  const returning = useRef(false);
  const box = useId();

  useEffect(() => {
    if (editing === undefined && returning.current) pencil.current?.focus();
    returning.current = editing !== undefined;
  }, [editing]);

  const save = useCallback(
    async (draft: Draft) => {
      setEditing(undefined);
      if (draft.title === row.title && draft.notes === row.notes) return;
      const failure = await actions.edit(row, draft);
      if (failure !== undefined) setEditing({ draft, message: failure.message });
    },
    [actions, row],
  );

  if (editing !== undefined) {
    return (
      <li className={styles.item} onFocus={onFocus}>
        <TodoEditor {...editing} onSave={save} onCancel={() => setEditing(undefined)} />
      </li>
    );
  }

  return (
    <li className={`${styles.item} ${row.creating ? styles.creating : ""}`} onFocus={onFocus}>
      <input
        id={box}
        type="checkbox"
        className={styles.box}
        checked={row.completed}
        disabled={row.creating}
        onChange={() => void actions.toggle(row)}
      />
      <div className={styles.body}>
        <label htmlFor={box} className={styles.title}>
          {row.title}
        </label>
        {row.notes !== "" && <p className={styles.notes}>{row.notes}</p>}
        <p className={styles.age}>
          {row.creating ? "Saving…" : <time dateTime={row.created_at}>{formatAge(row.created_at, now)}</time>}
        </p>
      </div>
      <div className={styles.actions}>
        <button
          ref={pencil}
          type="button"
          className={styles.action}
          aria-label={`Edit ${row.title}`}
          title="Edit"
          disabled={row.creating}
          onClick={() => setEditing({ draft: { title: row.title, notes: row.notes } })}
        >
          <PencilIcon />
        </button>
        <button
          type="button"
          className={`${styles.action} ${styles.delete}`}
          aria-label={`Delete ${row.title}`}
          title="Delete"
          disabled={row.creating}
          onClick={() => actions.remove(row)}
        >
          <BinIcon />
        </button>
      </div>
    </li>
  );
}
