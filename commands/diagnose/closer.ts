import { ApiError, type ClusterApi } from "../../components/cluster/api.ts";
import { findNodes, nodesWithout } from "../../components/node/presence.ts";
import { commandsIn } from "../../components/node/process.ts";
import { findDrift } from "../../components/release/drift.ts";
import { type Revision, unpackRevision } from "../../components/release/history.ts";
import { parseManifest } from "../../components/release/manifest.ts";
import { isNoLog } from "../../rollout/pods.ts";
import type { ContainerStatusFacts, LogFacts, ObjectFacts, PodFacts, ReadinessFacts } from "./facts.ts";
import { within } from "./machineFacts.ts";
import type { Place } from "./place.ts";

/** How much of a container's log is read. */
const logQuery = "tailLines=40&limitBytes=20000";

/** How many containers' logs are read, those that serve not at all first. */
const mostLogs = 12;

/** A container whose log may tell why it does not serve: it runs or ran, and is not as it should be. */
function isTelling({ ready, restartCount = 0, state = {} }: ContainerStatusFacts, init: boolean): boolean {
  if (restartCount > 0) return true;
  if (state.running !== undefined) return init || ready !== true;
  return state.terminated !== undefined && state.terminated.exitCode !== 0;
}

/** The last lines of each container that does not serve, or did not a while ago. */
export async function readLogs(
  api: ClusterApi,
  namespace: string,
  pods: readonly PodFacts[],
): Promise<ObjectFacts["logs"]> {
  const telling = pods.flatMap(({ metadata, status }) => [
    ...(status.initContainerStatuses ?? []).filter((one) => isTelling(one, true)).map((one) => ({ metadata, one })),
    ...(status.containerStatuses ?? []).filter((one) => isTelling(one, false)).map((one) => ({ metadata, one })),
  ]);
  const read = async (path: string): Promise<string> => {
    const text = ((await within(api.text(path)).catch(() => "")) ?? "").trim();
    return isNoLog(text) ? "" : text;
  };
  const logs = telling.slice(0, mostLogs).map(async ({ metadata: { name }, one }): Promise<[string, LogFacts]> => {
    const path = `/api/v1/namespaces/${namespace}/pods/${name}/log?container=${one.name}&${logQuery}`;
    const before = (one.restartCount ?? 0) > 0 ? read(`${path}&previous=true`) : "";
    return [`${name}/${one.name}`, { now: await read(path), before: await before }];
  });
  return Object.fromEntries(await Promise.all(logs));
}

/** What each backend that runs answers where its readiness is asked, through the API server: whether it reaches its database. */
export async function readReadiness(
  api: ClusterApi,
  namespace: string,
  pods: readonly PodFacts[],
): Promise<ObjectFacts["readiness"]> {
  const backends = pods.filter(({ metadata, status }) => {
    const backend = status.containerStatuses?.find(({ name }) => name === "backend");
    return metadata.labels?.["app.kubernetes.io/component"] === "backend" && backend?.state?.running !== undefined;
  });
  const answers = backends.map(async ({ metadata: { name }, spec }): Promise<[string, ReadinessFacts]> => {
    const container = spec.containers.find((one) => one.name === "backend");
    const port = container?.ports?.[0]?.containerPort ?? 8000;
    const path = container?.readinessProbe?.httpGet?.path ?? "/ready";
    return [name, await askReadiness(api, `/api/v1/namespaces/${namespace}/pods/${name}:${port}/proxy${path}`)];
  });
  return Object.fromEntries(await Promise.all(answers));
}

async function askReadiness(api: ClusterApi, path: string): Promise<ReadinessFacts> {
  try {
    return { status: (await within(api.text(path))) === undefined ? 404 : 200, detail: "" };
  } catch (error) {
    const { message } = error as Error;
    const reached = error instanceof ApiError && !message.includes("error trying to reach service");
    const said = /"detail": ?"((?:[^"\\]|\\.)*)/.exec(message)?.[1];
    return { status: reached ? error.status : 0, detail: said ?? message };
  }
}

/** Images that pods may not pull, and the nodes that lack them; nothing where the nodes cannot be asked. */
export async function readLackingImages(
  { machine, kind, settings }: Place,
  pods: readonly PodFacts[],
): Promise<ObjectFacts["lackingImages"]> {
  if (kind === "other" || kind === "docker-desktop") return [];
  const containers = pods.flatMap(({ spec }) => [...(spec.initContainers ?? []), ...spec.containers]);
  const never = containers.filter(({ imagePullPolicy }) => imagePullPolicy === "Never").map(({ image }) => image);
  const run = commandsIn(machine.env);
  const look = async (): Promise<ObjectFacts["lackingImages"]> => {
    const nodes = await findNodes({ kind, context: settings.context }, run);
    const asked = [...new Set(never)].map(async (image) => ({ image, nodes: await nodesWithout(image, nodes, run) }));
    return (await Promise.all(asked)).filter((one) => one.nodes.length > 0);
  };
  return within(look()).catch(() => []);
}

/** What differs from what the release made, by dry runs; nothing where these are refused. */
export async function readDrift(
  api: ClusterApi,
  namespace: string,
  last: Revision | undefined,
): Promise<ObjectFacts["drift"]> {
  if (last?.status !== "deployed") return [];
  const look = async (): Promise<ObjectFacts["drift"]> => {
    const { manifest } = await unpackRevision(last);
    const drift = await findDrift(api, namespace, parseManifest(manifest));
    return drift.map(({ object, live }) => `${object} ${live === undefined ? "is missing" : "was changed by hand"}`);
  };
  return within(look()).catch(() => []);
}
