import type { Examination } from "./examination.ts";

/** What a check found: `warn` works with less, `missing` stops `npm run up`. */
export type Status = "ok" | "warn" | "missing";

/** What a check saw, and what to do about it on this machine; nothing is to be done where all is well. */
export type Found =
  | { readonly status: "ok"; readonly found: string }
  | { readonly status: "warn" | "missing"; readonly found: string; readonly remedy: string };

/** One look at the machine; it must not change anything. */
export interface Check {
  /** Its name in the report, in docs/doctor.md and in `--json`. */
  readonly name: string;
  /** Why it matters, in one sentence. */
  readonly why: string;
  readonly look: (at: Examination) => Promise<Found>;
}

/** One line of the doctor's report. */
export interface Finding {
  readonly name: string;
  readonly status: Status;
  readonly found: string;
  readonly why: string;
  readonly remedy?: string;
}

/** All is well. */
export const ok = (found: string): Found => ({ status: "ok", found });

/** It works with less, or not always. */
export const warn = (found: string, remedy: string): Found => ({ status: "warn", found, remedy });

/** `npm run up` would stop here. */
export const missing = (found: string, remedy: string): Found => ({ status: "missing", found, remedy });

/** How long one check may take, in milliseconds: the whole report is there in less than three seconds. */
export const CHECK_TIMEOUT_MS = 2200;

/** Runs a check; one that throws or hangs is a finding too. */
export async function runCheck(
  at: Examination,
  { name, why, look }: Check,
  limit = CHECK_TIMEOUT_MS,
): Promise<Finding> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Found>((resolve) => {
    const again = "It hangs, or this machine is busy: run it once more";
    timer = setTimeout(() => resolve(warn(`no answer within ${limit / 1000} s`, again)), limit);
  });
  const looked = look(at).catch((error: unknown) =>
    warn(error instanceof Error ? error.message : String(error), "It could not be looked at: see the message"),
  );
  try {
    return { name, why, ...(await Promise.race([looked, late])) };
  } finally {
    clearTimeout(timer);
  }
}
