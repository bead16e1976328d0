import { setTimeout as sleep } from "node:timers/promises";
import type { Reading } from "../harness/experiment.ts";
import { type Deployment, kubectl } from "./deployment.ts";
import type { Editor } from "./edits.ts";
import { untilAnswered } from "./poll.ts";

/** How long the pods of an earlier run may take to go, in milliseconds. */
const settleMs = 60_000;

/**
 * The kubelet looks at its containers once a second, in milliseconds: pkg/kubelet/kubelet.go, `genericPlegRelistPeriod`. A pod
 * goes and comes at its beat; who began with the end of the pods before would begin at the same beat each time.
 */
const relistMs = 1000;

/** From one answer to the next question, in milliseconds: asking five times as often took an eighth of two processors. */
const pauseMs = 100;

/**
 * Edits a line, lets something deploy it, and waits for the new version.
 *
 * @param act - Brings the new version, and comes back when it has ended.
 * @returns From the edit to the new version's first answer, and to the end of what brought it; in seconds.
 */
export async function untilServed(
  deployment: Deployment,
  editor: Editor,
  act: (mark: string) => Promise<unknown>,
): Promise<Reading> {
  await untilSettled(deployment);
  await sleep(Math.random() * relistMs);
  const mark = editor.apply();
  const since = performance.now();
  const failed = new AbortController();
  const acting = act(mark).then(
    () => performance.now(),
    (error: unknown) => {
      failed.abort(error);
      throw error;
    },
  );
  const isNew = ({ status, text }: { status: number; text: string }) => status === 200 && text.includes(mark);
  const answered = untilAnswered(`http://127.0.0.1:${editor.edit.port}${editor.edit.seenAt}`, isNew, {
    pauseMs,
    signal: failed.signal,
  });
  const [end, answer] = await Promise.all([acting, answered]);
  return { answer: (answer - since) / 1000, end: (end - since) / 1000 };
}

/** Waits until the pods of an earlier version are gone: they would answer too, and take their share of the machine. */
async function untilSettled(deployment: Deployment): Promise<void> {
  for (const until = Date.now() + settleMs; ; await sleep(300)) {
    const { items } = JSON.parse(await kubectl(deployment, "get", "pods", "--output", "json")) as { items: Pod[] };
    const leaving = items.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
    const components = items.map(({ metadata }) => metadata.labels?.["app.kubernetes.io/component"]);
    if (leaving.length === 0 && new Set(components).size === components.length) return;
    if (Date.now() > until) throw new Error(`the pods of an earlier version did not go within ${settleMs / 1000} s`);
  }
}

interface Pod {
  readonly metadata: {
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}
