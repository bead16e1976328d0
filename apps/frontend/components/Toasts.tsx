import { useEffect, useState } from "react";
import type { Notice, Notices } from "@/lib/notices";
import { CrossIcon } from "./icons";
import styles from "./Toasts.module.css";

/** Milliseconds that a notice stays, by what it is about. Pointing at it or moving the focus into it stops the clock. */
export const NOTICE_DURATION: Record<Notice["slot"], number> = { undo: 7_000, error: 12_000, news: 4_000 };

/** The notices over the lower edge of the page. Screen readers hear the same from the live regions. */
export function Toasts({ notices }: { notices: Notices }) {
  return (
    <section className={styles.toasts} aria-label="Notices">
      {notices.list.map((notice) => (
        <Toast key={notice.id} notice={notice} end={notices.end} act={notices.act} />
      ))}
    </section>
  );
}

interface ToastProps {
  notice: Notice;
  end: Notices["end"];
  act: Notices["act"];
}

function Toast({ notice, end, act }: ToastProps) {
  const [held, setHeld] = useState(false);
  const { id, slot, text, action } = notice;

  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => end(id), NOTICE_DURATION[slot]);
    return () => clearTimeout(timer);
  }, [held, id, slot, end]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: not a control; it only waits while someone is at its buttons
    <div
      className={`${styles.toast} ${styles[slot]}`}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <p className={styles.text}>{text}</p>
      {action && (
        <button type="button" className={styles.action} aria-keyshortcuts="Control+Z Meta+Z" onClick={() => act(id)}>
          {action.label}
        </button>
      )}
      <button type="button" className={styles.close} aria-label="Dismiss" onClick={() => end(id)}>
        <CrossIcon />
      </button>
    </div>
  );
}
