import type { Facts } from "../facts.ts";
import {
  byHand,
  oneLine,
  type Part,
  type PartRule,
  type Rule,
  type Said,
  secondsSince,
  setCommand,
  upCommand,
} from "../rule.ts";

/** What is left to say of a part of which nothing else was. */
export const lastPartRules: readonly PartRule[] = [
  { code: "not-rolled-out", find: findNotRolledOut },
  { code: "run-failed", find: findFailedRun },
];

/** What is told after the parts: the release's state, and what a person sees of all of it. */
export const pageRules: readonly Rule[] = [
  { code: "release-pending", find: findPending },
  { code: "release-failed", find: findFailed },
  { code: "port-taken", find: findPortTaken },
  { code: "port-differs", find: findPortDiffers },
  { code: "autoscaler-blind", find: findBlindAutoscaler },
  { code: "page-unanswered", find: findUnanswered },
];

function findNotRolledOut(part: Part): Said[] {
  return part.workloads
    .filter(({ kind, wanted, ready }) => ["Deployment", "StatefulSet"].includes(kind ?? "") && ready < wanted)
    .map(({ kind, metadata: { name }, wanted, ready, conditions }) => {
      const words = conditions.find(({ status }) => status === "False")?.message;
      const evidence = [`${kind} ${name}: ${ready} of ${wanted} pods are ready`, ...(words ? [oneLine(words)] : [])];
      const next = `${part.facts.stack.kubectl} describe ${kind?.toLowerCase()} ${name}`;
      return { about: `${kind} ${name}`, title: `The ${part.name} has too few pods that serve.`, evidence, next };
    });
}

/** A run of a scheduled job that has no pod left to tell why: its time was over. */
function findFailedRun(part: Part): Said[] {
  return part.workloads
    .filter(({ kind, owner }) => kind === "Job" && owner?.startsWith("CronJob/"))
    .flatMap(({ metadata: { name }, conditions }) => {
      const failed = conditions.find(({ type, status }) => type === "Failed" && status === "True");
      if (failed === undefined) return [];
      const evidence = [`Job ${name}: ${oneLine(failed.message ?? "")} (${failed.reason})`];
      const next = `${part.facts.stack.kubectl} describe job ${name}`;
      const advice = `Its time is the value services.${part.name}.job.activeDeadlineSeconds. The next run takes its place.`;
      return [{ about: `Job ${name}`, title: `The last run of the ${part.name} failed.`, evidence, next, advice }];
    });
}

function lastRevision({ objects }: Facts) {
  return objects?.revisions.at(-1);
}

function findPending(facts: Facts): Said[] {
  const last = lastRevision(facts);
  if (last === undefined || !/^(pending-|uninstalling)/.test(last.status)) return [];
  const minutes = Math.round(secondsSince(facts, last.since) / 60);
  const title = `An update of the release was interrupted, or is at work: revision ${last.revision} is ${last.status}.`;
  const evidence = [`Helm's revision ${last.revision} is ${last.status} for ${minutes} min`];
  const advice = "It waits for one that is at work, and takes over one that was killed.";
  return [{ about: "release", title, evidence, next: upCommand(facts), advice }];
}

function findFailed(facts: Facts): Said[] {
  const last = lastRevision(facts);
  if (last?.status !== "failed") return [];
  const evidence = [`Helm's revision ${last.revision} failed at ${last.since}`];
  const title = "The last update failed; what runs is what it left.";
  return [
    { about: "release", title, evidence, next: upCommand(facts), advice: "Its message names the pod and the reason." },
  ];
}

function findPortTaken(facts: Facts): Said[] {
  const { page, stack } = facts;
  if (page.otherListener === undefined) return [];
  const port = stack.nodePort;
  const free = port < 32767 ? port + 1 : port - 1;
  return [
    {
      about: "port",
      title: `Another program has the page's port ${port}.`,
      evidence: [`on 127.0.0.1:${port} listens ${page.otherListener}`],
      next: setCommand(facts, "nodePort", String(free)),
      advice: `Or end that program, and: ${upCommand(facts)}. ${byHand(facts, "nodePort", String(free))}`,
    },
  ];
}

/** The stack's file was edited after the last update, or somebody changed the Service. */
function findPortDiffers(facts: Facts): Said[] {
  const { page, stack, objects } = facts;
  if (stack.production || page.missing === undefined || page.otherListener !== undefined) return [];
  const service = objects?.services.find(({ metadata }) => metadata.name === `${stack.releaseName}-frontend`);
  const ports = service?.spec.ports.flatMap(({ nodePort }) => nodePort ?? []) ?? [];
  if (service === undefined || ports.length === 0 || ports.includes(stack.nodePort)) return [];
  const title = `The page is on port ${ports[0]}, and the stack means ${stack.nodePort}.`;
  const evidence = [
    `Service ${service.metadata.name} has the node port ${ports.join(", ")}; nodePort of the stack is ${stack.nodePort}`,
  ];
  return [{ about: "port", title, evidence, next: upCommand(facts) }];
}

function findBlindAutoscaler({ objects, stack }: Facts): Said[] {
  return (objects?.autoscalers ?? []).flatMap(({ metadata: { name }, status }) => {
    const active = status?.conditions?.find(({ type, status: is }) => type === "ScalingActive" && is === "False");
    if (active === undefined || active.reason === "ScalingDisabled") return [];
    const title = `The autoscaler ${name} cannot see the load, and adds no pods.`;
    const next = `${stack.kubectl} describe horizontalpodautoscaler ${name}`;
    const advice = "It asks metrics-server, which the cluster may lack: minikube addons enable metrics-server";
    return [{ about: `autoscaler ${name}`, title, evidence: [oneLine(active.message ?? "")], next, advice }];
  });
}

function findUnanswered(facts: Facts): Said[] {
  const { page, stack, objects } = facts;
  if (page.missing === undefined || page.otherListener !== undefined) return [];
  // Without its cluster a local page cannot answer, and that has been told.
  if (!stack.production && objects === undefined) return [];
  const local = !stack.production;
  const evidence = [
    page.missing,
    ...(local && !page.occupied ? [`nothing listens on 127.0.0.1:${stack.nodePort}`] : []),
  ];
  const next = stack.production ? `${stack.kubectl} get ingress,service` : upCommand(facts);
  const title = "The page does not answer as it should.";
  return [{ about: "page", title, evidence, next }];
}
