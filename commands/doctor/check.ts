import type { Machine } from "../support/machine.ts";

/** What a check found: `warn` works with less, `missing` stops `npm run up`. */
export type Status = "ok" | "warn" | "missing";

/** One line of the doctor's report. */
export interface Finding {
  readonly name: string;
  readonly status: Status;
  /** What is there. */
  readonly found: string;
  /** What to do on this machine; absent where all is well. */
  readonly remedy?: string;
}

/** One look at the machine; it must not change anything. */
export type Check = (machine: Machine) => Promise<Finding>;

/** How long one check may take, in milliseconds: the whole report is there in less than three seconds. */
export const CHECK_TIMEOUT_MS = 2500;

/** Runs a check; one that throws or hangs is a finding too. */
export async function runCheck(machine: Machine, name: string, check: Check): Promise<Finding> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding>((resolve) => {
    const found = `no answer within ${CHECK_TIMEOUT_MS / 1000} s`;
    timer = setTimeout(() => resolve({ name, status: "warn", found }), CHECK_TIMEOUT_MS);
  });
  const checked = check(machine).catch(
    (error: unknown): Finding => ({
      name,
      status: "warn",
      found: error instanceof Error ? error.message : String(error),
    }),
  );
  try {
    return await Promise.race([checked, late]);
  } finally {
    clearTimeout(timer);
  }
}
