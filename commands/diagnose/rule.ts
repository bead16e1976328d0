import type { Facts, ObjectFacts, PodFacts, WorkloadFacts } from "./facts.ts";

/** One thing that is wrong, with what shows it and what to do next. */
export interface Finding {
  /** The cause's name in docs/diagnose.md, such as `image-not-on-node`. */
  readonly code: string;
  /** What is wrong, in a sentence. */
  readonly title: string;
  /** What shows it: one or two lines. */
  readonly evidence: readonly string[];
  /** The command to type next, as a shell takes it. */
  readonly next: string;
  /** What else there is to know or to do, in a line. */
  readonly advice?: string;
  /** What it is about: of several findings about one thing the first is told. */
  readonly about: string;
}

/** What a rule says; its code is the rule's. */
export type Said = Omit<Finding, "code">;

/** One cause, and how it is recognised from the facts. Pure: it asks nothing. */
export interface Rule {
  readonly code: string;
  readonly find: (facts: Facts) => readonly Said[];
}

/** A cause that concerns one part of the application. */
export interface PartRule {
  readonly code: string;
  readonly find: (part: Part) => readonly Said[];
}

/** The parts of every release, each before those that need it; further services come before the frontend. */
const firstParts: readonly string[] = ["database", "database-login", "backend"];
const lastPart = "frontend";

/** One part of the application with what belongs to it. */
export interface Part {
  /** The component's name, such as `backend` or that of a further service. */
  readonly name: string;
  readonly facts: Facts;
  readonly objects: ObjectFacts;
  readonly pods: readonly PodFacts[];
  readonly workloads: readonly WorkloadFacts[];
}

const label = "app.kubernetes.io/component";

/** The parts of what the cluster holds. */
export function partsOf(facts: Facts, objects: ObjectFacts): Part[] {
  const known = [...firstParts, lastPart, "test"];
  const named = [...objects.workloads, ...objects.pods].flatMap(({ metadata }) => metadata.labels?.[label] ?? []);
  const further = [...new Set(named)].filter((name) => !known.includes(name)).sort();
  return [...firstParts, ...further, lastPart].map((name) => {
    const workloads = objects.workloads.filter(({ metadata }) => metadata.labels?.[label] === name);
    const past = workloads.filter((job) => isPast(job, workloads));
    const pods = objects.pods.filter(({ metadata }) => metadata.labels?.[label] === name);
    return {
      name,
      facts,
      objects,
      pods: pods.filter((pod) => !past.some((job) => isOf(pod, job))),
      workloads: workloads.filter((job) => !past.includes(job)),
    };
  });
}

/** Whether a pod is one of a Job's tries. */
function isOf({ metadata }: PodFacts, { metadata: { name } }: WorkloadFacts): boolean {
  return metadata.name.startsWith(`${name}-`);
}

/** Whether a run of a scheduled job is history: a newer one began, or it came to a good end after all. */
function isPast({ owner, metadata, ready, wanted }: WorkloadFacts, all: readonly WorkloadFacts[]): boolean {
  if (owner === undefined || !owner.startsWith("CronJob/")) return false;
  const since = (one: WorkloadFacts): number => Date.parse(one.metadata.creationTimestamp ?? "") || 0;
  return ready >= wanted || all.some((one) => one.owner === owner && since(one) > since({ metadata } as WorkloadFacts));
}

/** Where the values of a part stand in the stack's configuration: `values.backend`, `values.services.worker`. */
export function valuesOf({ name }: Part): string {
  if (name === "database-login") return "values.database";
  return [...firstParts, lastPart].includes(name) ? `values.${name}` : `values.services.${name}`;
}

/** `npm run up` for the stack that this is about. */
export const upCommand = ({ stack: { name } }: Facts): string =>
  name === "local" ? "npm run up" : `npm run up -- --stack ${name}`;

/** How a key of the stack is set, by whatever deployed it. */
export function setCommand({ stack }: Facts, key: string, value: string): string {
  const path = key.includes(".") ? "--path " : "";
  return `npm run pulumi -- config set --stack ${stack.name} ${path}${key} ${value}`;
}

/** The same for who has no Pulumi CLI, and no need to know of it otherwise. */
export function byHand({ stack }: Facts, key: string, value: string): string {
  const [first = "", ...rest] = key.split(".");
  const nested = rest.reduceRight((inner, name) => `{ ${name}: ${inner} }`, value);
  return `without the Pulumi CLI: "${first}: ${nested}" under config: in Pulumi.${stack.name}.yaml; then: npm run up`;
}

/** The seconds from a moment to when the facts were collected. */
export function secondsSince({ collectedAt }: Facts, moment: string | undefined): number {
  const then = Date.parse(moment ?? "");
  return Number.isNaN(then) ? Number.POSITIVE_INFINITY : (Date.parse(collectedAt) - then) / 1000;
}

/** A text's beginning, in one line. */
export function oneLine(text: string, length = 240): string {
  const line = text.trim().replace(/\s*\n\s*/g, " ");
  return line.length > length ? `${line.slice(0, length - 3)}...` : line;
}

/** Whether somebody changed the workload of a part by hand: then an update puts it back. */
export function isDrifted({ objects, workloads }: Part): boolean {
  return workloads.some(({ kind, metadata }) => objects.drift.includes(`${kind} ${metadata.name} was changed by hand`));
}

/** The next command for a mistake in what is deployed: an update where it was made by hand, else this one. */
export function mending(part: Part, otherwise: Pick<Finding, "next" | "advice">): Pick<Finding, "next" | "advice"> {
  if (!isDrifted(part)) return otherwise;
  const changed = part.workloads.find(({ kind, metadata }) =>
    part.objects.drift.includes(`${kind} ${metadata.name} was changed by hand`),
  );
  const advice = `${changed?.kind} ${changed?.metadata.name} was changed by hand; this puts it back as it was deployed.`;
  return { next: upCommand(part.facts), advice };
}
