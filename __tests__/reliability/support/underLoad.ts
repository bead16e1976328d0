import { expect } from "@jest/globals";
import { during } from "../../../bench/load/during.ts";
import { startLoad } from "../../../bench/load/load.ts";
import type { LoadRecord } from "../../../bench/load/table.ts";
import { noteLoad } from "../../../bench/reliability/records.ts";
import { type Deployment, eventually, type PodFacts } from "../../e2e/support/deployment.ts";
import { sql } from "./database.ts";
import { targetOf } from "./processes.ts";

/**
 * Requests a second in all: half from this machine, half from inside the cluster. In short as many as leave two busy processors
 * room for the event itself: what fails under more tells of the machine.
 */
const rate = Number(process.env.RELIABILITY_RATE ?? 50);
/** The least number of requests in each case. */
const requests = Number(process.env.RELIABILITY_REQUESTS ?? 1_500);

/** A case in which nothing at all was dropped, and nobody had to try twice. */
export const clean = {
  figures: { failed: 0, wrong: 0, resent: 0, dropped: 0, lost: 0, doubled: 0, errors: [] },
  restarts: 0,
};

/**
 * Makes something happen under load, and tells what that cost.
 *
 * @param name - The case, as the table of figures has it.
 * @param seconds - How long the load lasts at least; an event that takes longer prolongs it.
 * @throws Error where the event fails, or outlived the load: then it proves nothing.
 */
export async function underLoad(
  deployment: Deployment,
  name: string,
  seconds: number,
  event: () => Promise<unknown>,
): Promise<LoadRecord> {
  const before = await deployment.pods();
  const load = await startLoad({
    url: deployment.url,
    rate: rate / 2,
    seconds: Math.max(seconds, Math.ceil((requests * 1.05) / rate)),
    k6: process.env.K6 ?? "k6",
    inside: {
      kubectl: (...args) => deployment.kubectl(...args),
      serviceUrl: `http://todo-frontend.${deployment.namespace}.svc.cluster.local`,
      node: targetOf(deployment.context),
    },
  });
  try {
    const { figures, seconds: took } = await during(load, event);
    const record = { name, figures, restarts: restartsSince(before, await deployment.pods()) };
    noteLoad(record);
    // Jest would keep what the console says until the file's end, and show it between a failed file's name and its failures.
    process.stderr.write(`${name} took ${took.toFixed(1)} s: ${JSON.stringify(record)}\n`);
    return record;
  } finally {
    await load.stop();
    await sql(deployment, "TRUNCATE todo");
  }
}

/** Waits until the deployment rests: every pod is ready, and none is on its way out. */
export async function settled(deployment: Deployment): Promise<void> {
  await eventually(async () => {
    const { items } = JSON.parse(await deployment.kubectl("get", "pods", "--output", "json")) as { items: Pod[] };
    const serving = items.filter(({ status }) => status.phase !== "Succeeded");
    expect(new Set(serving.map(componentOf))).toEqual(new Set(["frontend", "backend", "database"]));
    expect(serving.filter(({ metadata }) => metadata.deletionTimestamp !== undefined)).toEqual([]);
    expect(serving.filter(({ status }) => !isReady(status))).toEqual([]);
  }, 90);
}

interface Pod {
  readonly metadata: { readonly deletionTimestamp?: string; readonly labels: Readonly<Record<string, string>> };
  readonly status: {
    readonly phase: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

const componentOf = ({ metadata }: Pod): string | undefined => metadata.labels["app.kubernetes.io/component"];

const isReady = ({ conditions = [] }: Pod["status"]): boolean =>
  conditions.some(({ type, status }) => type === "Ready" && status === "True");

/** Containers restarted meanwhile, of the pods that are still there. */
function restartsSince(before: readonly PodFacts[], after: readonly PodFacts[]): number {
  const known = new Map(before.map(({ uid, restarts }) => [uid, restarts]));
  return after.reduce((sum, { uid, restarts }) => sum + restarts - (known.get(uid) ?? 0), 0);
}
