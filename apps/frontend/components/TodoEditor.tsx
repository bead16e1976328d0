import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { type Draft, NOTES_LENGTH, TITLE_LENGTH } from "@/lib/api/todos";
import styles from "./TodoEditor.module.css";

interface TodoEditorProps {
  draft: Draft;
  /** Why an earlier attempt to save this failed. */
  message?: string;
  onSave: (draft: Draft) => void;
  onCancel: () => void;
}

/** Title and notes of a todo as fields. Enter in the title saves, Ctrl+Enter in the notes too, Escape leaves it as it was. */
export function TodoEditor({ draft, message, onSave, onCancel }: TodoEditorProps) {
  const [title, setTitle] = useState(draft.title);
  const [notes, setNotes] = useState(draft.notes);
  const [problem, setProblem] = useState(message);
  const form = useRef<HTMLFormElement>(null);
  const first = useRef<HTMLInputElement>(null);
  const id = useId();

  useEffect(() => first.current?.focus(), []);

  function submit(event: FormEvent): void {
    event.preventDefault();
    const written = { title: title.trim(), notes: notes.trim() };
    if (written.title === "") {
      setProblem("A todo needs a title.");
      first.current?.focus();
    } else onSave(written);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === "Escape") onCancel();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.current?.requestSubmit();
  }

  return (
    <form ref={form} className={styles.form} onSubmit={submit} onKeyDown={onKeyDown} noValidate>
      <label className={styles.label} htmlFor={`${id}-title`}>
        Title
      </label>
      <input
        id={`${id}-title`}
        ref={first}
        className={styles.field}
        value={title}
        onChange={(event) => {
          setTitle(event.target.value);
          setProblem(undefined);
        }}
        maxLength={TITLE_LENGTH}
        autoComplete="off"
        required
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : `${id}-problem`}
      />
      {problem !== undefined && (
        <p id={`${id}-problem`} className={styles.problem} role="alert">
          {problem}
        </p>
      )}
      <label className={styles.label} htmlFor={`${id}-notes`}>
        Notes
      </label>
      <textarea
        id={`${id}-notes`}
        className={styles.field}
        value={notes}
        onChange={(event) => setNotes(event.target.value)}
        maxLength={NOTES_LENGTH}
        rows={3}
      />
      <div className={styles.buttons}>
        <button type="submit" className={styles.save}>
          Save
        </button>
        <button type="button" className={styles.cancel} onClick={onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}
