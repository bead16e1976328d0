import { setTimeout as sleep } from "node:timers/promises";
import { forwardsPort } from "../deploy/forward.ts";
import { waitForPage } from "../deploy/page.ts";
import { askEngine } from "../machine/engine.ts";
import { containerOn, isOccupied, listenerOn } from "../support/ports.ts";
import { run } from "../support/run.ts";
import type { ClusterFacts, Facts, PageFacts } from "./facts.ts";
import { containerFilter, type Place } from "./place.ts";

/** How long one question may take, in milliseconds: the whole is there in five seconds. */
export const patience = 2500;

/** The answer to a question, or an error where it does not come in time. */
export async function within<T>(question: Promise<T>, milliseconds = patience): Promise<T> {
  const clock = new AbortController();
  const late = sleep(milliseconds, undefined, { signal: clock.signal }).then(() => {
    throw new Error(`no answer within ${milliseconds / 1000} s`);
  });
  late.catch(() => undefined);
  return Promise.race([question, late]).finally(() => clock.abort());
}

/** Whether the engine answers; production has no use for one. */
export async function engineFacts({ machine, settings }: Place): Promise<Facts["engine"]> {
  if (settings.production) return undefined;
  const answer = await askEngine(machine, patience);
  return "problem" in answer ? { problem: answer.problem } : {};
}

/** The cluster's node containers and how they stand. */
export async function containerFacts(place: Place): Promise<ClusterFacts["containers"]> {
  const filter = containerFilter(place);
  if (filter === undefined) return [];
  const args = ["ps", "--all", "--filter", filter, "--format", "{{.Names}} {{.State}}"];
  const options = { env: place.machine.env, allowFailure: true, timeoutMs: patience };
  const { code, stdout } = await run("docker", args, options);
  const rows = code === 0 ? stdout.trim().split("\n").filter(Boolean) : [];
  return rows.map((row) => ({ name: row.split(" ")[0] ?? "", state: row.split(" ")[1] ?? "" }));
}

/** What the page's address answers, and who else may listen there. */
export async function pageFacts(place: Place): Promise<PageFacts> {
  const { machine, settings, url } = place;
  if (url === "") return { url, occupied: false };
  const [missing, occupied] = await Promise.all([
    within(waitForPage(machine, { url, own: settings.own }, 0)).catch(
      (error: Error) => `${url} gives ${error.message}`,
    ),
    settings.production || isOccupied(settings.nodePort),
  ]);
  if (missing === undefined) return { url, occupied };
  const otherListener = settings.production || !occupied ? undefined : await findOtherListener(place);
  return { url, missing, occupied, ...(otherListener !== undefined && { otherListener }) };
}

async function findOtherListener({ machine, settings, kind }: Place): Promise<string | undefined> {
  const { nodePort, stack, context } = settings;
  if (await forwardsPort(machine, stack, nodePort)) return undefined;
  const container = await containerOn(nodePort, machine.env);
  // kind and k3d name their containers after the cluster, with their own name before or behind.
  if (container?.includes(context.replace(/^(kind|k3d)-/, ""))) return undefined;
  const listener = await listenerOn(nodePort, machine.env);
  // Docker Desktop's own proxy holds the ports of its cluster.
  if (kind === "docker-desktop" && listener?.includes("docker")) return undefined;
  return listener ?? "another program";
}
