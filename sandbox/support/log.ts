/** Takes one line of progress, without a line break. */
export type Log = (line: string) => void;

/** How often a step that takes long says that it is still going on, in milliseconds. */
const HEARTBEAT = 15_000;

/** Milliseconds as people say them: `8 s`, `2 min 05 s`. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 100) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

/**
 * Runs a step that may take long and says when it begins, that it goes on, and how long it took.
 * @param what the step in a few words, e.g. `compiling kubelet`
 * @param expected how long it usually takes, e.g. `1-2 min`
 * @param step receives a function that tells the latest detail (`120 packages`), shown with the next sign of life
 */
export async function withProgress<Result>(
  log: Log,
  what: string,
  expected: string,
  step: (detail: (text: string) => void) => Promise<Result>,
): Promise<Result> {
  const start = Date.now();
  let latest = "";
  log(`${what} (about ${expected}) ...`);
  const heartbeat = setInterval(() => {
    log(`${what}: ${duration(Date.now() - start)} so far of about ${expected}${latest && `, ${latest}`}`);
  }, HEARTBEAT);
  try {
    const result = await step((text) => {
      latest = text;
    });
    log(`${what}: done in ${duration(Date.now() - start)}`);
    return result;
  } finally {
    clearInterval(heartbeat);
  }
}
