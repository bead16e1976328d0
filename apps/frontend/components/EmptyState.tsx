import type { Filter } from "@/lib/todos/selectors";
import styles from "./Message.module.css";

const WORDS: Record<Filter, { title: string; text: string }> = {
  all: { title: "Nothing to do yet", text: "Write your first todo above and press Enter." },
  active: { title: "All done", text: "Nothing is left. Enjoy it while it lasts." },
  completed: { title: "Nothing completed yet", text: "What you tick off will be kept here." },
};

interface EmptyStateProps {
  filter: Filter;
  counts: Record<Filter, number>;
}

/** Says why the list is empty, if it is. */
export function EmptyState({ filter, counts }: EmptyStateProps) {
  if (counts[filter] > 0) return null;
  const { title, text } = WORDS[counts.all === 0 ? "all" : filter];
  return (
    <div className={styles.panel}>
      <svg className={styles.drawing} aria-hidden="true" focusable="false" viewBox="0 0 120 84">
        <rect className={styles.sheetBack} x="30" y="8" width="68" height="60" rx="10" />
        <rect className={styles.sheet} x="22" y="16" width="68" height="60" rx="10" />
        <path className={styles.lines} d="M48 36h28M48 46h20M48 56h24" />
        <path className={styles.tick} d="m31 36 3 3 5-6M31 46l3 3 5-6M31 56l3 3 5-6" />
      </svg>
      <h3 className={styles.title}>{title}</h3>
      <p className={styles.text}>{text}</p>
    </div>
  );
}
