import { type RefObject, useCallback, useEffect, useRef } from "react";
import { type ApiError, asApiError } from "../api/problem";
import { type Listing, listTodos } from "../api/todos";

/** Milliseconds between two readings of the list while all is well: other tabs and a lost database are noticed by it. */
export const POLL_INTERVAL = 15_000;
/** Milliseconds before the first, second, ... repetition of a failed reading; the last one stays. */
export const RETRY_DELAYS = [1_000, 2_000, 4_000];
/** Milliseconds for a repeated reading: with the longest delay it keeps recovery under 10 s. */
export const RETRY_TIMEOUT = 5_000;
/** Milliseconds before a list is read again that a change of our own overtook. */
const OUTDATED_DELAY = 1_000;

/** What the page itself is sending meanwhile: a listing that was read beside it cannot be trusted. */
export interface Traffic {
  /** Requests for changes without an answer yet. */
  inFlight: number;
  /** Changes confirmed so far. */
  confirmed: number;
}

interface ListingCallbacks {
  traffic: RefObject<Traffic>;
  onListed: (listing: Listing, outdated: boolean) => void;
  onFailed: (error: ApiError) => void;
}

/**
 * Reads the list now, then again and again: slowly while it succeeds, with backoff while it fails, and at once when the
 * device is back online or the person back at the page. A hidden page rests.
 * @returns a function that reads at once.
 */
export function useListing({ traffic, onListed, onFailed }: ListingCallbacks): () => void {
  const refresh = useRef<() => void>(() => {});

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let failures = 0;
    let reading = false;
    let again = false;
    let stopped = false;

    async function read(): Promise<void> {
      clearTimeout(timer);
      if (reading) {
        again = true;
        return;
      }
      reading = true;
      again = false;
      const before = traffic.current.confirmed;
      let outdated = false;
      try {
        const listing = await listTodos(failures > 0 ? { timeout: RETRY_TIMEOUT } : {});
        if (stopped) return;
        failures = 0;
        outdated = before !== traffic.current.confirmed || traffic.current.inFlight > 0;
        onListed(listing, outdated);
      } catch (thrown) {
        if (stopped) return;
        failures += 1;
        onFailed(asApiError(thrown));
      }
      reading = false;
      timer = setTimeout(pause, again ? 0 : outdated ? OUTDATED_DELAY : delay(failures));
    }

    function pause(): void {
      if (document.visibilityState === "hidden") return;
      void read();
    }
    function wake(): void {
      if (document.visibilityState !== "hidden") void read();
    }

    refresh.current = () => void read();
    window.addEventListener("online", wake);
    window.addEventListener("offline", wake);
    document.addEventListener("visibilitychange", wake);
    void read();
    return () => {
      stopped = true;
      clearTimeout(timer);
      window.removeEventListener("online", wake);
      window.removeEventListener("offline", wake);
      document.removeEventListener("visibilitychange", wake);
    };
  }, [traffic, onListed, onFailed]);

  return useCallback(() => refresh.current(), []);
}

function delay(failures: number): number {
  if (failures === 0) return POLL_INTERVAL;
  return RETRY_DELAYS[Math.min(failures, RETRY_DELAYS.length) - 1] ?? POLL_INTERVAL;
}
