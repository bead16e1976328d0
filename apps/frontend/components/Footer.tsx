import styles from "./Footer.module.css";

/** The keys that help, and which version answers. */
export function Footer({ version }: { version: string | undefined }) {
  return (
    <footer className={styles.footer}>
      <p className={styles.keys}>
        <kbd>Enter</kbd> adds or saves <span aria-hidden="true">·</span> <kbd>Esc</kbd> cancels{" "}
        <span aria-hidden="true">·</span> <kbd>Ctrl Z</kbd> brings back
      </p>
      <p>{version === undefined ? " " : `Version ${version}`}</p>
    </footer>
  );
}
