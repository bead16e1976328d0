import { ApiError, ClusterApi } from "../../components/cluster/api.ts";
import { type ContextFacts, findContext } from "../../components/cluster/kubeconfig.ts";
import type { Machine } from "../support/machine.ts";
import { readDrift, readLackingImages, readLogs, readReadiness } from "./closer.ts";
import type {
  AutoscalerFacts,
  ClaimFacts,
  ClusterFacts,
  Facts,
  ObjectFacts,
  PolicyFacts,
  QuotaFacts,
  RevisionFacts,
  ServiceFacts,
} from "./facts.ts";
import { containerFacts, engineFacts, pageFacts, within } from "./machineFacts.ts";
import { type Masks, masksOf, maskTree } from "./mask.ts";
import { type RawObjects, readObjects } from "./objects.ts";
import { findPlace, type Place } from "./place.ts";
import { missingReferences } from "./references.ts";
import {
  trimEndpoints,
  trimEvents,
  trimNamespace,
  trimNode,
  trimObject,
  trimPod,
  trimTo,
  trimWorkloads,
} from "./trim.ts";

/**
 * Collects everything that can be seen of a deployment, all at once, and changes nothing. What cannot be asked - the engine
 * is stopped, the cluster does not answer, a right is lacking - is a fact too.
 *
 * The values of the namespace's Secrets are masked wherever they stand. Where Secrets may not be read, logs are left out:
 * nobody could say what in them is secret.
 *
 * @param stack - The stack's name, such as `local`.
 * @throws UserError where there is no such stack.
 */
export async function collectFacts(machine: Machine, stack: string): Promise<Facts> {
  const place = await findPlace(machine, stack);
  const [engine, containers, page, answer] = await Promise.all([
    engineFacts(place),
    containerFacts(place),
    pageFacts(place),
    askCluster(place),
  ]);
  const { objects, unread, ...cluster } = answer;
  return {
    collectedAt: new Date().toISOString(),
    stack: place.stack,
    ...(engine !== undefined && { engine }),
    cluster: { kind: place.kind, containers, ...cluster },
    page,
    unread,
    ...(objects !== undefined && { objects }),
  };
}

interface ClusterAnswer extends Omit<ClusterFacts, "kind" | "containers"> {
  readonly unread: readonly string[];
  readonly objects?: ObjectFacts;
}

async function askCluster(place: Place): Promise<ClusterAnswer> {
  const context = findContext(place.kubeconfigs, place.settings.context);
  if (context === undefined) return { unread: [] };
  const { server } = context;
  const reached = await reach(context);
  if (!(reached instanceof ClusterApi)) return { server, unread: [], ...reached };
  const raw = await readObjects(reached, place.stack);
  const masked = raw.secrets === undefined ? ["logs: without Secrets they could not be masked"] : [];
  return { server, unread: [...raw.unread, ...masked], objects: await objectFacts(place, reached, raw) };
}

/** The API server, or why it does not answer. */
async function reach(context: ContextFacts): Promise<ClusterApi | Pick<ClusterFacts, "problem" | "status">> {
  try {
    const api = await within(ClusterApi.of(context));
    await within(api.get("/version"));
    return api;
  } catch (error) {
    const status = error instanceof ApiError ? { status: error.status } : {};
    return { problem: (error as Error).message, ...status };
  }
}

async function objectFacts(place: Place, api: ClusterApi, raw: RawObjects): Promise<ObjectFacts> {
  const { namespace } = place.settings;
  const going = raw.pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const pods = going.map(trimPod);
  const [logs, readiness, lackingImages, drift] = await Promise.all([
    raw.secrets === undefined ? {} : readLogs(api, namespace, pods),
    readReadiness(api, namespace, pods),
    readLackingImages(place, pods),
    readDrift(api, namespace, raw.revisions.at(-1)),
  ]);
  const masks = masksOf(raw.secrets ?? []);
  const rest = maskTree({ ...trimmed(raw), pods, lackingImages, drift }, masks.everywhere);
  const told = { events: trimEvents(raw.events), logs, readiness };
  return { ...rest, ...maskTexts(told, masks), missingReferences: findMissing(raw, going) };
}

/** Names among the keys stay as they are: they are names of pods. */
function maskTexts<T>(texts: T, { inText }: Masks): T {
  return maskTree(texts, inText);
}

function findMissing({ secrets, configMaps, unread }: RawObjects, pods: RawObjects["pods"]): string[] {
  const known = secrets !== undefined && !unread.some((one) => one.startsWith("configMaps:"));
  return known ? missingReferences(pods, { secrets, configMaps }) : [];
}

function trimmed(raw: RawObjects) {
  return {
    ...(raw.namespaceObject !== undefined && { namespace: trimNamespace(raw.namespaceObject) }),
    nodes: raw.nodes.map(trimNode),
    heartbeats: heartbeatsOf(raw),
    ...dnsFacts(raw),
    revisions: raw.revisions.map(
      ({ revision, status, since }): RevisionFacts => ({
        revision,
        status,
        since: Number.isFinite(since) ? new Date(since).toISOString() : "",
      }),
    ),
    workloads: trimWorkloads(raw),
    services: raw.services.map((one) => trimTo<ServiceFacts>(one, "spec")),
    endpoints: trimEndpoints(raw.endpoints),
    claims: raw.claims.map((one) => trimTo<ClaimFacts>(one, "spec", "status")),
    storageClasses: raw.storageClasses.map(trimObject),
    quotas: raw.quotas.map((one) => trimTo<QuotaFacts>(one, "status")),
    autoscalers: raw.autoscalers.map((one) => trimTo<AutoscalerFacts>(one, "spec", "status")),
    policies: raw.policies.map((one) => trimTo<PolicyFacts>(one, "spec")),
  };
}

function heartbeatsOf({ leases }: RawObjects): Record<string, string> {
  const times = leases.map(({ metadata, spec }) => [metadata.name, (spec as { renewTime?: string }).renewTime ?? ""]);
  return Object.fromEntries(times);
}

/** The Service keeps its name over all of Kubernetes' DNS servers. */
function dnsFacts({ dnsDeployments, dnsEndpoints }: RawObjects): Pick<ObjectFacts, "dns"> {
  const deployment = dnsDeployments[0]?.metadata.name;
  if (deployment === undefined) return {};
  return { dns: { ready: trimEndpoints(dnsEndpoints)[0]?.ready ?? 0, deployment } };
}
