import type { ClaimFacts, PodFacts } from "../facts.ts";
import { byHand, mending, oneLine, type Part, type PartRule, type Said, setCommand, valuesOf } from "../rule.ts";

/** Why a pod that was made has no node. */
export const schedulingRules: readonly PartRule[] = [
  {
    code: "volume-pending",
    find: (part) => pending(part, /PersistentVolumeClaim|persistentvolumeclaim|volume/, volume),
  },
  { code: "no-room", find: (part) => pending(part, /Insufficient|Too many pods/, noRoom) },
  {
    code: "node-cordoned",
    find: (part) => pending(part, /unschedulable|node\.kubernetes\.io\/unschedulable/, cordoned),
  },
  { code: "node-tainted", find: (part) => pending(part, /taint/, tainted) },
  { code: "unschedulable", find: (part) => pending(part, /./, elsewhere) },
];

type Tell = (part: Part, pod: PodFacts, words: string) => Said;

function pending(part: Part, pattern: RegExp, tell: Tell): Said[] {
  return part.pods.flatMap((pod) => {
    const scheduled = pod.status.conditions?.find(({ type, status }) => type === "PodScheduled" && status === "False");
    if (scheduled === undefined) return [];
    const words = scheduled.message ?? scheduled.reason ?? "";
    return pattern.test(words) || (words === "" && pattern.source === ".") ? [tell(part, pod, words)] : [];
  });
}

const aboutPod = ({ metadata }: PodFacts): string => `pod ${metadata.name}`;

function volume(part: Part, pod: PodFacts, words: string): Said {
  const { objects, facts } = part;
  const claims = pod.spec.claims.map((name) => ({
    name,
    claim: objects.claims.find((one) => one.metadata.name === name),
  }));
  const lacking = claims.find(({ claim }) => claim?.status?.phase !== "Bound") ?? claims[0];
  const name = lacking?.name ?? "";
  const why = lacking?.claim === undefined ? `there is no claim ${name}` : whyPending(part, lacking.claim);
  return {
    about: aboutPod(pod),
    title: `The volume of the ${part.name} is missing.`,
    evidence: [`the claim ${name}: ${why}`, oneLine(words)],
    ...mending(part, {
      next: `${facts.stack.kubectl} describe persistentvolumeclaim ${name}`.trim(),
      advice: "A claim's storage class cannot be changed: delete the claim, and it is made anew, empty.",
    }),
  };
}

function whyPending({ objects }: Part, { metadata, spec }: ClaimFacts): string {
  const wanted = spec.storageClassName;
  const there = objects.storageClasses.map((one) => one.metadata.name);
  if (wanted !== undefined && wanted !== "" && !there.includes(wanted))
    return `the storage class "${wanted}" does not exist (there are: ${there.join(", ") || "none"})`;
  if (wanted === undefined) return "the cluster has no default storage class";
  const event = objects.events.findLast(({ object }) => object === `PersistentVolumeClaim/${metadata.name}`);
  return event === undefined ? "is not bound to a volume" : oneLine(event.message);
}

function noRoom(part: Part, pod: PodFacts, words: string): Said {
  const asks = pod.spec.containers.map(({ resources }) => resources?.requests ?? {});
  const asked = asks.flatMap((one) => Object.entries(one).map(([what, amount]) => `${what} ${amount}`)).join(", ");
  const has = part.objects.nodes.map(
    ({ metadata, status }) =>
      `${metadata.name} has cpu ${status?.allocatable?.cpu}, memory ${status?.allocatable?.memory}`,
  );
  const key = `${valuesOf(part)}.resources.requests.cpu`;
  return {
    about: aboutPod(pod),
    title: `No node has room for the ${part.name}.`,
    evidence: [oneLine(words), oneLine(`it asks for ${asked || "nothing"}; ${has.join("; ")} in all`)],
    ...mending(part, {
      next: setCommand(part.facts, key, "50m"),
      advice: `Or give the cluster more. ${byHand(part.facts, key, "50m")}`,
    }),
  };
}

function cordoned(part: Part, pod: PodFacts, words: string): Said {
  const shut = part.objects.nodes
    .filter(({ spec }) => spec?.unschedulable === true)
    .map(({ metadata }) => metadata.name);
  const nodes = shut.length > 0 ? shut : ["NODE"];
  return {
    about: aboutPod(pod),
    title: `The node ${nodes.join(", ")} is cordoned and takes no new pods.`,
    evidence: [`pod ${pod.metadata.name} waits: ${oneLine(words)}`],
    next: `${part.facts.stack.kubectl} uncordon ${nodes.join(" ")}`,
  };
}

function tainted(part: Part, pod: PodFacts, words: string): Said {
  const taints = part.objects.nodes.flatMap(({ metadata, spec }) =>
    (spec?.taints ?? [])
      .filter(({ effect }) => effect !== "PreferNoSchedule")
      .map((taint) => ({ node: metadata.name, ...taint })),
  );
  const [first] = taints;
  const named = taints.map(({ node, key, value = "", effect }) => `${node}: ${key}=${value}:${effect}`);
  return {
    about: aboutPod(pod),
    title: `A taint of the node keeps the ${part.name} away.`,
    evidence: [
      `pod ${pod.metadata.name} waits: ${oneLine(words)}`,
      ...(named.length > 0 ? [oneLine(named.join(", "))] : []),
    ],
    next:
      first === undefined
        ? `${part.facts.stack.kubectl} describe nodes`
        : `${part.facts.stack.kubectl} taint nodes ${first.node} ${first.key}:${first.effect}-`,
    advice:
      "Kubernetes sets taints of its own (node.kubernetes.io/...) where a node is ill: then mend the node instead.",
  };
}

function elsewhere(part: Part, pod: PodFacts, words: string): Said {
  return {
    about: aboutPod(pod),
    title: `No node takes the ${part.name}.`,
    evidence: [`pod ${pod.metadata.name}: ${oneLine(words)}`],
    ...mending(part, {
      next: `${part.facts.stack.kubectl} describe pod ${pod.metadata.name}`,
      advice: "Compare its node selector and affinity with the nodes' labels.",
    }),
  };
}
