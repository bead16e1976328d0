import { containersOf, lineWith, logCommand, serves } from "../containers.ts";
import type { PodFacts, PolicyFacts, ServiceFacts } from "../facts.ts";
import { mending, oneLine, type Part, type PartRule, type Said, upCommand } from "../rule.ts";
import { aboutPod } from "./run.ts";

/** Whether parts reach each other. */
export const reachRules: readonly PartRule[] = [
  {
    code: "network-policy",
    find: (part) =>
      unreached(part)
        .filter(({ words }) => isSilence(words))
        .flatMap(({ said, words }) => policy(part, said, words)),
  },
  { code: "database-unreachable", find: (part) => unreached(part).map(({ said }) => said) },
];

/** Whether a Service leads to the pods that it is for. */
export const serviceRules: readonly PartRule[] = [
  { code: "service-selector", find: (part) => servicesOf(part).flatMap((service) => noPods(part, service)) },
  { code: "service-port", find: (part) => servicesOf(part).flatMap((service) => wrongPort(part, service)) },
];

/** Packets that a policy drops are not refused: nothing comes back. */
const isSilence = (words: string): boolean =>
  /time|did not answer|no answer/i.test(words) && !/refused|\b111\b|name/i.test(words);

/** Containers of the backend, or of another service, that wait for the database, in their own words. */
function unreached(part: Part): { words: string; said: Said }[] {
  if (part.name === "database" || part.name === "frontend") return [];
  return containersOf(part).flatMap((view) => {
    const told = part.objects.readiness[view.pod.metadata.name];
    const ready = !view.init && told?.status === 503 && /database/.test(told.detail) ? told.detail : undefined;
    const logged = lineWith(
      view.log,
      /waiting for the database|database at .* did not answer|could not connect to server|connection to server .* failed/,
    );
    const words = ready ?? (serves(view) ? undefined : logged);
    if (words === undefined) return [];
    const { kubectl } = part.facts.stack;
    const said: Said = {
      about: aboutPod(view),
      title: `The ${part.name} does not reach its database.`,
      evidence: [`${view.where}: ${oneLine(words)}`],
      next: part.objects.services.some(
        ({ metadata }) => metadata.labels?.["app.kubernetes.io/component"] === "database",
      )
        ? `${kubectl} get pods,endpointslices --selector app.kubernetes.io/component=database`
        : logCommand(view),
      advice: "Once the database answers, it comes back by itself.",
    };
    return [{ words, said }];
  });
}

/** Policies that select the asking or the asked pods; those that are not the release's own first. */
function policy(part: Part, said: Said, words: string): Said[] {
  const { objects, facts } = part;
  const concerned = objects.pods.filter(({ metadata }) =>
    ["database", part.name].includes(metadata.labels?.["app.kubernetes.io/component"] ?? ""),
  );
  const selecting = objects.policies.filter((one) => concerned.some((pod) => selects(one, pod)));
  const own = (one: PolicyFacts): boolean =>
    one.metadata.labels?.["app.kubernetes.io/instance"] === facts.stack.releaseName;
  const [first] = [...selecting.filter((one) => !own(one)), ...selecting];
  if (first === undefined) return [];
  const { name } = first.metadata;
  return [
    {
      about: said.about,
      title: `The network policy ${name} keeps the ${part.name} from its database.`,
      evidence: [
        `nothing answers, and nothing refuses: ${oneLine(words)}`,
        `policies over these pods: ${selecting.map(({ metadata }) => metadata.name).join(", ")}`,
      ],
      next: `${facts.stack.kubectl} describe networkpolicy ${name}`,
      advice: own(first)
        ? "It is the release's own: see the values networkPolicy.databasePort and networkPolicy.databaseTo."
        : "It is not of this release: whoever made it lets the backend through, or removes it.",
    },
  ];
}

const selects = ({ spec }: PolicyFacts, pod: PodFacts): boolean => fits(spec.podSelector?.matchLabels ?? {}, pod);

function fits(labels: Readonly<Record<string, string>>, { metadata }: PodFacts): boolean {
  return Object.entries(labels).every(([key, value]) => metadata.labels?.[key] === value);
}

function servicesOf({ name, objects }: Part): ServiceFacts[] {
  return objects.services.filter(({ metadata }) => metadata.labels?.["app.kubernetes.io/component"] === name);
}

function noPods(part: Part, { metadata: { name }, spec }: ServiceFacts): Said[] {
  const { selector = {} } = spec;
  if (part.pods.length === 0 || part.objects.pods.some((pod) => fits(selector, pod))) return [];
  const wanted = Object.entries(selector).map(([key, value]) => `${key}=${value}`);
  return [
    {
      about: `Service ${name}`,
      title: `The Service ${name} selects no pod, so nothing reaches the ${part.name}.`,
      evidence: [
        `it selects ${oneLine(wanted.join(", "))}`,
        `its ${part.pods.length === 1 ? "pod has" : "pods have"} other labels`,
      ],
      ...serviceRemedy(part, name),
    },
  ];
}

function wrongPort(part: Part, { metadata: { name }, spec }: ServiceFacts): Said[] {
  const chosen = part.objects.pods.filter((pod) => fits(spec.selector ?? {}, pod));
  const offered = chosen.flatMap((pod) => pod.spec.containers.flatMap(({ ports = [] }) => ports));
  if (offered.length === 0) return [];
  return spec.ports.flatMap(({ port, targetPort = port }) => {
    if (offered.some((one) => one.name === targetPort || one.containerPort === targetPort)) return [];
    const ports = [...new Set(offered.map((one) => `${one.containerPort}${one.name ? ` (${one.name})` : ""}`))];
    return [
      {
        about: `Service ${name}`,
        title: `The Service ${name} leads to port ${targetPort}, on which the ${part.name} does not listen.`,
        evidence: [`its targetPort is ${targetPort}; the pods have ${ports.join(", ")}`],
        ...serviceRemedy(part, name),
      },
    ];
  });
}

function serviceRemedy(part: Part, name: string) {
  if (part.objects.drift.includes(`Service ${name} was changed by hand`)) {
    return {
      next: upCommand(part.facts),
      advice: `Service ${name} was changed by hand; this puts it back as it was deployed.`,
    };
  }
  const { kubectl } = part.facts.stack;
  return mending(part, { next: `${kubectl} get service ${name} --output yaml` });
}
