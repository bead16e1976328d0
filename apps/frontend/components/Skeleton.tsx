import styles from "./Skeleton.module.css";

const WIDTHS = [styles.long, styles.short, styles.middle];

/** Stands for the list while it is read for the first time; also what the export shows before scripts run. */
export function Skeleton() {
  return (
    <>
      <p className="visually-hidden">Loading your todos…</p>
      <div className={styles.rows} aria-hidden="true">
        {WIDTHS.map((width) => (
          <div key={width} className={styles.row}>
            <span className={styles.box} />
            <span className={`${styles.line} ${width}`} />
          </div>
        ))}
      </div>
      <noscript>
        <p className={styles.noscript}>This page needs JavaScript to show your todos.</p>
      </noscript>
    </>
  );
}
