import type { Filter } from "@/lib/todos/selectors";
import styles from "./Filters.module.css";

const LABELS: [Filter, string][] = [
  ["all", "All"],
  ["active", "Active"],
  ["completed", "Completed"],
];

interface FiltersProps {
  current: Filter;
  counts: Record<Filter, number>;
  onChoose: (filter: Filter) => void;
}

/** Chooses which todos are listed, and says how many there are of each kind. */
export function Filters({ current, counts, onChoose }: FiltersProps) {
  return (
    <fieldset className={styles.filters}>
      <legend className="visually-hidden">Show</legend>
      {LABELS.map(([filter, label]) => (
        <button
          key={filter}
          type="button"
          className={styles.filter}
          aria-pressed={filter === current}
          onClick={() => onChoose(filter)}
        >
          {label} <span className={styles.count}>{counts[filter]}</span>
        </button>
      ))}
    </fieldset>
  );
}
