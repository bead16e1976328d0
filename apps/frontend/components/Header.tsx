import { useEffect, useState } from "react";
import { formatDay } from "@/lib/format";
import type { Filter } from "@/lib/todos/selectors";
import styles from "./Header.module.css";
import { Logo } from "./icons";

/** Length of the ring's line, in units of its drawing: 2 * pi * radius. */
const RING = 2 * Math.PI * 15;

/** The name, the day and how much is done. */
export function Header({ counts }: { counts: Record<Filter, number> | undefined }) {
  // The export is made on another day than the page is read: only the browser knows which.
  const [today, setToday] = useState("");
  useEffect(() => setToday(formatDay(new Date())), []);

  return (
    <header className={styles.header}>
      <Logo />
      <div>
        <h1 className={styles.name}>Todo</h1>
        <p className={styles.day}>{today || " "}</p>
      </div>
      {counts && counts.all > 0 && <Progress done={counts.completed} all={counts.all} />}
    </header>
  );
}

function Progress({ done, all }: { done: number; all: number }) {
  return (
    <p className={styles.progress}>
      <span>
        <strong>{done}</strong> of {all} <span className={styles.done}>done</span>
      </span>
      <svg aria-hidden="true" focusable="false" viewBox="0 0 36 36" width="36" height="36">
        <circle className={styles.track} cx="18" cy="18" r="15" />
        <circle
          className={styles.ring}
          cx="18"
          cy="18"
          r="15"
          strokeDasharray={RING}
          strokeDashoffset={RING * (1 - done / all)}
          transform="rotate(-90 18 18)"
        />
      </svg>
    </p>
  );
}
