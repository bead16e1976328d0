"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { useAnnouncer } from "@/lib/announcer";
import { count } from "@/lib/format";
import { useNotices } from "@/lib/notices";
import type { Filter } from "@/lib/todos/selectors";
import { useTodoActions } from "@/lib/todos/useTodoActions";
import { useTodos } from "@/lib/todos/useTodos";
import { useVersion } from "@/lib/useVersion";
import { Announcer } from "./Announcer";
import { Composer } from "./Composer";
import { ConnectionBanner } from "./ConnectionBanner";
import { EmptyState } from "./EmptyState";
import { Filters } from "./Filters";
import { Footer } from "./Footer";
import { Header } from "./Header";
import { Skeleton } from "./Skeleton";
import { Toasts } from "./Toasts";
import styles from "./TodoApp.module.css";
import { TodoList } from "./TodoList";
import { Unreachable } from "./Unreachable";

/** The whole page. */
export function TodoApp() {
  const todos = useTodos();
  const notices = useNotices();
  const [announcement, announce] = useAnnouncer();
  const [filter, setFilter] = useState<Filter>("all");
  const composer = useRef<HTMLInputElement>(null);
  const actions = useTodoActions({ todos, notices, announce });
  const { failure, loaded } = todos;
  const version = useVersion(loaded && failure === undefined);
  const wasFailing = useRef(false);

  useEffect(() => {
    if (failure !== undefined && !wasFailing.current) announce(failure.message, "urgent");
    if (failure === undefined && wasFailing.current) {
      announce("Connected again.");
      notices.show({ slot: "news", text: "Connected again." });
    }
    wasFailing.current = failure !== undefined;
  }, [failure, announce, notices.show]);

  const choose = useCallback(
    (next: Filter) => {
      setFilter(next);
      announce(`${count(todos.counts[next], "todo")} shown.`);
    },
    [announce, todos.counts],
  );
  const focusComposer = useCallback(() => composer.current?.focus(), []);

  return (
    <>
      <a className={styles.skip} href="#list">
        Skip to the list
      </a>
      <div className={styles.page}>
        <Header counts={loaded ? todos.counts : undefined} />
        <main className={styles.main}>
          <Composer onAdd={actions.add} input={composer} />
          {failure && loaded && <ConnectionBanner failure={failure} onRetry={todos.refresh} />}
          <section id="list" className={styles.list} aria-labelledby="list-title" aria-busy={!loaded} tabIndex={-1}>
            <h2 id="list-title" className="visually-hidden">
              Your todos
            </h2>
            {loaded && todos.counts.all > 0 && <Filters current={filter} counts={todos.counts} onChoose={choose} />}
            {!loaded && !failure && todos.rows.length === 0 && <Skeleton />}
            {!loaded && failure && <Unreachable failure={failure} onRetry={todos.refresh} />}
            <TodoList rows={todos.rows} filter={filter} actions={actions} onEmptied={focusComposer} />
            {loaded && <EmptyState filter={filter} counts={todos.counts} />}
            {todos.unlisted > 0 && (
              <p className={styles.more}>
                The newest {todos.rows.length} are shown. {todos.unlisted} older ones are not.
              </p>
            )}
          </section>
        </main>
        <Footer version={version} />
      </div>
      <Toasts notices={notices} />
      <Announcer announcement={announcement} />
    </>
  );
}
