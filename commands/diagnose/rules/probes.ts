import { type ContainerView, containersOf, eventsOf, logCommand, serves } from "../containers.ts";
import type { EventFacts } from "../facts.ts";
import { mending, oneLine, type Part, type PartRule, type Said, secondsSince, valuesOf } from "../rule.ts";
import { aboutPod } from "./run.ts";

/** A probe's failure that is older says nothing of now, in seconds. */
const fresh = 120;

/** A start may take so long before its probe's failures mean something, in seconds. */
const ordinaryStart = 20;

type Kind = "startup" | "readiness" | "liveness";

/** A probe that fails, and what it says. */
interface Failing {
  readonly kind: Kind;
  readonly words: string;
}

/** Why a container that runs is held to be dead. */
export const livenessRules: readonly PartRule[] = [
  {
    code: "probe-path",
    find: (part) =>
      failingProbes(part).flatMap(([view, one]) => (/statuscode: 404/.test(one.words) ? [wrongPath(view, one)] : [])),
  },
  {
    code: "probe-port",
    find: (part) =>
      failingProbes(part).flatMap(([view, one]) => (asksOtherPort(view, one) ? [wrongPort(view, one)] : [])),
  },
  {
    code: "liveness-fails",
    find: (part) => failingProbes(part).flatMap(([view, one]) => (one.kind === "liveness" ? [unalive(view, one)] : [])),
  },
];

/** Why one that lives is held to be not ready. */
export const readinessRules: readonly PartRule[] = [
  {
    code: "startup-fails",
    find: (part) =>
      failingProbes(part).flatMap(([view, one]) =>
        one.kind === "startup" && !isNew(view) ? [unstarted(view, one)] : [],
      ),
  },
  {
    code: "readiness-fails",
    find: (part) =>
      failingProbes(part).flatMap(([view, one]) => (one.kind === "readiness" ? [unready(view, one)] : [])),
  },
  { code: "starting", find: (part) => containersOf(part).flatMap(starting) },
];

/** The newest failure of a probe of each container that does not serve, or was ended because of one. */
function failingProbes(part: Part): (readonly [ContainerView, Failing])[] {
  return containersOf(part).flatMap((view) => {
    const events = eventsOf(view).filter(({ last }) => secondsSince(part.facts, last) < fresh);
    const ended = events.some(
      ({ reason, message }) => reason === "Killing" && /failed (liveness|startup) probe/.test(message),
    );
    const main = !view.init && view.spec === view.pod.spec.containers[0];
    if (!main || (serves(view) && !ended)) return [];
    const failed = events.filter(({ reason }) => reason === "Unhealthy").flatMap(probeOf);
    const newest = (ended ? failed.filter(({ kind }) => kind !== "readiness") : failed).at(-1) ?? failed.at(-1);
    return newest === undefined ? [] : [[view, newest] as const];
  });
}

function probeOf({ message }: EventFacts): Failing[] {
  const match = /^(Startup|Readiness|Liveness) probe (?:failed|errored)[^:]*: ?(.*)$/s.exec(message);
  return match === null ? [] : [{ kind: (match[1] ?? "").toLowerCase() as Kind, words: match[2] ?? "" }];
}

const probeOfSpec = ({ spec }: ContainerView, kind: Kind) => spec[`${kind}Probe`]?.httpGet;

function wrongPath(view: ContainerView, { kind, words }: Failing): Said {
  const path = probeOfSpec(view, kind)?.path ?? "?";
  return {
    about: aboutPod(view),
    title: `The ${kind} probe of the ${view.part.name} asks for a path that does not exist: ${path}`,
    evidence: [`${view.where}: ${oneLine(words)}`],
    ...mending(view.part, {
      next: logCommand(view),
      advice: `Set the value ${valuesOf(view.part).replace("values.", "")}.probes.${kind}.path to one that it serves.`,
    }),
  };
}

/** The kubelet names the port that it asked; one that the container declares may only be not open yet. */
function asksOtherPort(view: ContainerView, { kind, words }: Failing): boolean {
  const asked = probeOfSpec(view, kind)?.port;
  const ports = (view.spec.ports ?? []).flatMap(({ name, containerPort }) => [containerPort, ...(name ? [name] : [])]);
  return asked !== undefined && ports.length > 0 && !ports.includes(asked) && /refused|invalid|find/i.test(words);
}

function wrongPort(view: ContainerView, { kind, words }: Failing): Said {
  const ports = (view.spec.ports ?? []).map(({ containerPort }) => containerPort).join(", ");
  return {
    about: aboutPod(view),
    title: `The ${kind} probe of the ${view.part.name} asks at port ${probeOfSpec(view, kind)?.port}, and it listens on ${ports}.`,
    evidence: [`${view.where}: ${oneLine(words)}`],
    ...mending(view.part, {
      next: logCommand(view),
      advice: "The chart's probes ask at the port named http; see chart/values.yaml.",
    }),
  };
}

function unalive(view: ContainerView, { words }: Failing): Said {
  return {
    about: aboutPod(view),
    title: `The ${view.part.name} is restarted because its liveness probe fails.`,
    evidence: [
      `${view.where}: ${oneLine(words) || "the probe's command fails"}; ${view.status.restartCount ?? 0} restarts`,
    ],
    ...mending(view.part, {
      next: logCommand(view),
      advice: "It hangs, or answers too late: more CPU, or a longer timeoutSeconds.",
    }),
  };
}

function unstarted(view: ContainerView, { words }: Failing): Said {
  return {
    about: aboutPod(view),
    title: `The ${view.part.name} runs, but does not get as far as to answer.`,
    evidence: [`${view.where}: the startup probe: ${oneLine(words)}`],
    ...mending(view.part, { next: logCommand(view) }),
  };
}

function unready(view: ContainerView, { words }: Failing): Said {
  const said = view.part.objects.readiness[view.pod.metadata.name];
  const own =
    said === undefined || said.status === 200 || said.detail === "" ? [] : [`/ready says: ${oneLine(said.detail)}`];
  return {
    about: aboutPod(view),
    title: `The ${view.part.name} runs, but its readiness probe fails, so it is sent no requests.`,
    evidence: [`${view.where}: ${oneLine(words) || "the probe's command fails"}`, ...own],
    ...mending(view.part, { next: logCommand(view) }),
  };
}

function runsSince({ status, pod, part }: ContainerView): number {
  return secondsSince(part.facts, status.state?.running?.startedAt ?? pod.metadata.creationTimestamp);
}

const isNew = (view: ContainerView): boolean =>
  runsSince(view) < ordinaryStart && (view.status.restartCount ?? 0) === 0;

/** Nothing speaks against it yet. */
function starting(view: ContainerView): Said[] {
  const { state = {} } = view.status;
  const waits = ["ContainerCreating", "PodInitializing"].includes(state.waiting?.reason ?? "");
  if (serves(view) || (state.running === undefined && !waits)) return [];
  const seconds = Math.max(0, Math.round(runsSince(view)));
  const { kubectl } = view.part.facts.stack;
  return [
    {
      about: aboutPod(view),
      title: `The ${view.part.name} is starting.`,
      evidence: [`${view.where}: ${state.waiting?.reason ?? "runs"} for ${seconds} s, and nothing has failed`],
      next: `${kubectl} wait --for=condition=Ready pod/${view.pod.metadata.name} --timeout 60s`,
      advice: "Look again when it is done: npm run diagnose",
    },
  ];
}
