import type { WorkloadFacts } from "../facts.ts";
import { mending, oneLine, type Part, type PartRule, type Said } from "../rule.ts";

/** Why pods of a part are not even made. */
export const creationRules: readonly PartRule[] = [
  { code: "scaled-to-zero", find: findScaledToZero },
  { code: "quota-exceeded", find: (part) => refusals(part, /exceeded quota|status unknown for quota/, quota) },
  { code: "pod-security", find: (part) => refusals(part, /violates PodSecurity/, podSecurity) },
  { code: "pod-refused", find: (part) => refusals(part, /./, refused) },
];

/** Deployments and StatefulSets; a ReplicaSet of a former revision has none by design. */
function findScaledToZero(part: Part): Said[] {
  return part.workloads
    .filter(({ kind, wanted }) => (kind === "Deployment" || kind === "StatefulSet") && wanted === 0)
    .map(({ kind, metadata: { name } }) => ({
      about: `${kind} ${name}`,
      title: `The ${part.name} is scaled to 0.`,
      evidence: [`${kind} ${name} wants no pod`],
      next: `${part.facts.stack.kubectl} scale ${kind.toLowerCase()}/${name} --replicas 1`,
    }));
}

/** Makes a finding of a refusal: which workload, and the API server's words. */
type Tell = (part: Part, workload: WorkloadFacts, words: string) => Said;

function refusals(part: Part, pattern: RegExp, tell: Tell): Said[] {
  return part.workloads.flatMap((workload) => {
    const words = refusalOf(part, workload);
    return words !== undefined && pattern.test(words) ? [tell(part, workload, words)] : [];
  });
}

/** What the API server last said to who makes the pods, where pods are still wanting. */
function refusalOf(
  { objects }: Part,
  { kind, metadata, wanted, present, conditions }: WorkloadFacts,
): string | undefined {
  // A Deployment says it of its ReplicaSet; others leave it to their events.
  const condition = conditions.find(({ type, status }) => type === "ReplicaFailure" && status === "True");
  if (kind === "Deployment") return undefined;
  if (condition !== undefined) return condition.message ?? "";
  if (present >= wanted) return undefined;
  const event = objects.events.findLast(
    ({ object, reason }) => object === `${kind}/${metadata.name}` && reason === "FailedCreate",
  );
  return event?.message;
}

const about = ({ metadata, owner }: WorkloadFacts): string => owner?.replace("/", " ") ?? `pods of ${metadata.name}`;

function quota(part: Part, workload: WorkloadFacts, words: string): Said {
  const name = /quota: ([\w.-]+)/.exec(words)?.[1] ?? "";
  const full = part.objects.quotas.find(({ metadata }) => metadata.name === name)?.status;
  const uses = Object.entries(full?.hard ?? {}).map(
    ([what, hard]) => `${what} ${full?.used?.[what] ?? "?"} of ${hard}`,
  );
  return {
    about: about(workload),
    title: `The namespace's quota ${name} leaves no room for the ${part.name}.`,
    evidence: [oneLine(words), ...(uses.length > 0 ? [`used: ${oneLine(uses.join(", "))}`] : [])],
    next: `${part.facts.stack.kubectl} describe resourcequota ${name}`.trim(),
    advice:
      "Raise or remove the quota, or lower the requests; pods are then made within a few minutes, or at once by npm run up.",
  };
}

function podSecurity(part: Part, workload: WorkloadFacts, words: string): Said {
  return {
    about: about(workload),
    title: `The namespace's Pod Security Standard refuses the pods of the ${part.name}.`,
    evidence: [oneLine(words.replace(/^.*?violates/, "violates"))],
    ...mending(part, {
      next: `${part.facts.stack.kubectl} get deployment ${part.facts.stack.releaseName}-${part.name} --output yaml`,
      advice: "Take what it names out of the pod's securityContext.",
    }),
  };
}

function refused(part: Part, workload: WorkloadFacts, words: string): Said {
  const { kind, metadata } = workload;
  return {
    about: about(workload),
    title: `Pods of the ${part.name} cannot be made.`,
    evidence: [oneLine(words)],
    ...mending(part, { next: `${part.facts.stack.kubectl} describe ${kind.toLowerCase()} ${metadata.name}` }),
  };
}
