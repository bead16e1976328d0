/** How many tests did what. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** No tests at all. */
export const none: Counts = { passed: 0, failed: 0, skipped: 0 };

/** A check without tests of its own counts as one. */
export const oneCheck = (passes: boolean): Counts => ({ passed: passes ? 1 : 0, failed: passes ? 0 : 1, skipped: 0 });

/** Adds counts up. */
export function sum(counts: readonly Counts[]): Counts {
  const total = (key: keyof Counts): number => counts.reduce((all, one) => all + one[key], 0);
  return { passed: total("passed"), failed: total("failed"), skipped: total("skipped") };
}

/** `12 passed, 0 failed`, and the skipped ones where there are any. */
export function describeCounts({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/** The parts of jest's JSON report that vitest's has too. */
interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

/** Reads the JSON report of jest or vitest; a file that did not even load counts as one failure. */
export function countJest(json: string): Counts {
  const report = JSON.parse(json) as JestReport;
  const broken = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  };
}

/** Reads pytest's JUnit report; an error outside a test counts as a failure. */
export function countJunit(xml: string): Counts {
  const suites = [...xml.matchAll(/<testsuite\s([^>]*)>/g)].map(([, attributes = ""]) => attributes);
  return sum(
    suites.map((attributes) => {
      const count = (name: string): number => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(attributes)?.[1] ?? 0);
      const failed = count("failures") + count("errors");
      return { passed: Math.max(0, count("tests") - failed - count("skipped")), failed, skipped: count("skipped") };
    }),
  );
}
