import { type FormEvent, type KeyboardEvent, type RefObject, useId, useRef, useState } from "react";
import { type Draft, NOTES_LENGTH, TITLE_LENGTH } from "@/lib/api/todos";
import type { Outcome } from "@/lib/todos/useTodos";
import styles from "./Composer.module.css";
import { PlusIcon } from "./icons";

interface ComposerProps {
  /** Adds what was written. When it comes to nothing, the text returns to the fields. */
  onAdd: (draft: Draft) => Promise<Outcome>;
  input: RefObject<HTMLInputElement | null>;
}

/** Where a new todo is written. The notes appear with the first letter of the title. */
export function Composer({ onAdd, input }: ComposerProps) {
  const [title, setTitle] = useState("");
  const [notes, setNotes] = useState("");
  const [empty, setEmpty] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const hint = useId();

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const draft = { title: title.trim(), notes: notes.trim() };
    input.current?.focus();
    if (draft.title === "") {
      setEmpty(true);
      return;
    }
    setTitle("");
    setNotes("");
    if ((await onAdd(draft)) === undefined) return;
    setTitle((typed) => typed || draft.title);
    setNotes((typed) => typed || draft.notes);
  }

  function submitByKey(event: KeyboardEvent): void {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.current?.requestSubmit();
  }

  return (
    <form ref={form} className={styles.form} onSubmit={submit} noValidate>
      <label className="visually-hidden" htmlFor="new-title">
        New todo
      </label>
      <input
        id="new-title"
        ref={input}
        className={styles.title}
        value={title}
        onChange={(event) => {
          setTitle(event.target.value);
          setEmpty(false);
        }}
        maxLength={TITLE_LENGTH}
        placeholder="What needs doing?"
        autoComplete="off"
        enterKeyHint="done"
        required
        aria-invalid={empty}
        aria-describedby={empty ? hint : undefined}
      />
      <button className={styles.add} type="submit">
        <PlusIcon />
        <span>Add</span>
      </button>
      {(title !== "" || notes !== "") && (
        <textarea
          className={styles.notes}
          aria-label="Notes"
          value={notes}
          onChange={(event) => setNotes(event.target.value)}
          onKeyDown={submitByKey}
          maxLength={NOTES_LENGTH}
          rows={2}
          placeholder="Notes, if any"
        />
      )}
      {empty && (
        <p id={hint} className={styles.hint} role="alert">
          Write a title first.
        </p>
      )}
    </form>
  );
}
