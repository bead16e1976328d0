import styles from "@/components/Message.module.css";

/** Exported as `404.html`, which nginx serves for every unknown address. A plain link: it must work without scripts. */
export default function NotFound() {
  return (
    <main className={styles.page}>
      <p className={styles.code}>404</p>
      <h1 className={styles.title}>There is nothing here</h1>
      <p className={styles.text}>The address may be mistyped, or the page has moved.</p>
      <a className={styles.link} href="/">
        Go to your todos
      </a>
    </main>
  );
}
