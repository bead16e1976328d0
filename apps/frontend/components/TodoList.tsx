import { useLayoutEffect, useRef } from "react";
import { type Filter, matches, type Row } from "@/lib/todos/selectors";
import type { TodoActions } from "@/lib/todos/useTodoActions";
import { useNow } from "@/lib/useNow";
import { TodoItem } from "./TodoItem";
import styles from "./TodoList.module.css";

interface TodoListProps {
  rows: Row[];
  filter: Filter;
  actions: TodoActions;
  /** Told when the focus had its place in a row and no row is left to take it. */
  onEmptied: () => void;
}

/** The todos that the filter lets through. */
export function TodoList({ rows, filter, actions, onEmptied }: TodoListProps) {
  const now = useNow();
  const shown = rows.filter((row) => matches(row, filter));
  const list = useRef<HTMLUListElement>(null);
  const focused = useRef<{ key: string; index: number }>(undefined);

  // A row that leaves with the focus in it hands the focus to its neighbour; it would be lost to the page's beginning.
  useLayoutEffect(() => {
    const at = focused.current;
    if (at === undefined || shown.some((row) => row.key === at.key)) return;
    focused.current = undefined;
    if (document.activeElement !== document.body) return;
    const boxes = list.current?.querySelectorAll<HTMLInputElement>("li input[type=checkbox]") ?? [];
    if (boxes.length === 0) onEmptied();
    else boxes[Math.min(at.index, boxes.length - 1)]?.focus();
  });

  if (shown.length === 0) return null;
  return (
    <ul ref={list} className={styles.list} aria-labelledby="list-title">
      {shown.map((row, index) => (
        <TodoItem
          key={row.key}
          row={row}
          now={now}
          actions={actions}
          onFocus={() => {
            focused.current = { key: row.key, index };
          }}
        />
      ))}
    </ul>
  );
}
