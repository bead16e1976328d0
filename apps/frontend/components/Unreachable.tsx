import { type ApiError, failureTitle } from "@/lib/api/problem";
import { CloudOffIcon } from "./icons";
import styles from "./Message.module.css";
import { RetryButton } from "./RetryButton";

interface UnreachableProps {
  failure: ApiError;
  onRetry: () => void;
}

/** Stands for the list as long as it could never be read. */
export function Unreachable({ failure, onRetry }: UnreachableProps) {
  return (
    <div className={styles.panel}>
      <span className={styles.warning}>
        <CloudOffIcon />
      </span>
      <h3 className={styles.title}>{failureTitle(failure)}</h3>
      <p className={styles.text}>{failure.message}</p>
      <p className={styles.text}>This page keeps trying and shows your todos as soon as it can.</p>
      <RetryButton failure={failure} onRetry={onRetry} />
    </div>
  );
}
