import { useState } from "react";
import type { ApiError } from "@/lib/api/problem";
import styles from "./RetryButton.module.css";

interface RetryButtonProps {
  failure: ApiError;
  onRetry: () => void;
}

/** Tries at once. Each attempt that fails brings a failure of its own: until then the button says that it is trying. */
export function RetryButton({ failure, onRetry }: RetryButtonProps) {
  const [retried, setRetried] = useState<ApiError>();
  const trying = retried === failure;
  return (
    <button
      type="button"
      className={styles.button}
      aria-disabled={trying}
      onClick={() => {
        if (trying) return;
        setRetried(failure);
        onRetry();
      }}
    >
      {trying ? "Trying…" : "Try now"}
    </button>
  );
}
