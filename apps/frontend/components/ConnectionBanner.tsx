import { type ApiError, failureTitle } from "@/lib/api/problem";
import styles from "./ConnectionBanner.module.css";
import { CloudOffIcon } from "./icons";
import { RetryButton } from "./RetryButton";

interface ConnectionBannerProps {
  failure: ApiError;
  onRetry: () => void;
}

/** Says above the list that the list may be out of date, and why. */
export function ConnectionBanner({ failure, onRetry }: ConnectionBannerProps) {
  return (
    <section className={styles.banner} aria-label="Connection">
      <span className={styles.icon}>
        <CloudOffIcon />
      </span>
      <p className={styles.text}>
        <strong>{failureTitle(failure)}.</strong> {failure.message} What you see may be out of date.
      </p>
      <RetryButton failure={failure} onRetry={onRetry} />
    </section>
  );
}
