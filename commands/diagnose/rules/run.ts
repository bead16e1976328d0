import { type ContainerView, containersOf, failure, lastWords, lineWith, logCommand, serves } from "../containers.ts";
import {
  byHand,
  mending,
  oneLine,
  type Part,
  type PartRule,
  type Said,
  secondsSince,
  setCommand,
  upCommand,
  valuesOf,
} from "../rule.ts";

/** How long ago a container that serves again may have failed to be worth a word, in seconds. */
const recent = 600;

/** Why a container that was started does not go on. */
export const runRules: readonly PartRule[] = [
  { code: "out-of-memory", find: (part) => containersOf(part).flatMap(outOfMemory) },
  { code: "read-only-file-system", find: (part) => failing(part, /read-only file system|EROFS/i, readOnly) },
  { code: "setting-refused", find: (part) => failing(part, /configuration: |\[emerg\]/, refusedSetting) },
  {
    code: "database-password",
    find: (part) =>
      failing(part, /password authentication failed|refused the login|role "[^"]*" does not exist/, password),
  },
];

/** What is left of those once a probe is no reason. */
export const crashRules: readonly PartRule[] = [
  {
    code: "migration-failed",
    find: (part) =>
      crashes(part)
        .filter(({ spec }) => spec.name === "migrate")
        .map(migration),
  },
  { code: "crash", find: (part) => crashes(part).map(crash) },
  { code: "evicted", find: findEvicted },
];

type Tell = (view: ContainerView, line: string) => Said;

export const aboutPod = ({ pod }: ContainerView): string => `pod ${pod.metadata.name}`;

/** Containers that do not serve, and whose log has such a line. */
export function failing(part: Part, pattern: RegExp, tell: Tell): Said[] {
  return containersOf(part).flatMap((view) => {
    const line = isTroubled(view) ? lineWith(view.log, pattern) : undefined;
    return line === undefined ? [] : [tell(view, line)];
  });
}

/** Whether it does not serve, or failed a moment ago and again before. */
function isTroubled(view: ContainerView): boolean {
  if (!serves(view)) return true;
  const ended = failure(view);
  const again = (view.status.restartCount ?? 0) >= 2;
  return ended !== undefined && again && secondsSince(view.part.facts, ended.finishedAt) < recent;
}

function outOfMemory(view: ContainerView): Said[] {
  const { part, spec, status } = view;
  const ended = [status.state?.terminated, status.lastState?.terminated].find(
    (one) => one?.reason === "OOMKilled" || /OOM-killed/.test(one?.message ?? ""),
  );
  if (ended === undefined || (serves(view) && secondsSince(part.facts, ended.finishedAt) > recent)) return [];
  const limit = spec.resources?.limits?.memory ?? "none";
  const key = `${valuesOf(part)}.resources.limits.memory`;
  return [
    {
      about: aboutPod(view),
      title: `The ${part.name} needs more memory than its limit of ${limit}.`,
      evidence: [`${view.where}: OOMKilled, ${status.restartCount ?? 0} restarts`],
      ...mending(part, {
        next: setCommand(part.facts, key, "1Gi"),
        advice: `Then: ${upCommand(part.facts)}. ${byHand(part.facts, key, "1Gi")}`,
      }),
    },
  ];
}

function readOnly(view: ContainerView, line: string): Said {
  return {
    about: aboutPod(view),
    title: `The ${view.part.name} writes where its file system is read-only.`,
    evidence: [`${view.where}: ${line}`],
    ...mending(view.part, {
      next: logCommand(view),
      advice:
        "Only /tmp is writable; let it write there, or mount a volume by the values extraVolumes and extraVolumeMounts.",
    }),
  };
}

function refusedSetting(view: ContainerView, line: string): Said {
  return {
    about: aboutPod(view),
    title: `The ${view.part.name} refuses a setting and ends.`,
    evidence: [`${view.where}: ${line}`],
    ...mending(view.part, {
      next: setCommand(view.part.facts, `env.${/\b([A-Z][A-Z0-9_]{2,})\b/.exec(line)?.[1] ?? "NAME"}`, "VALUE"),
      advice: `Then: ${upCommand(view.part.facts)}. Every variable with its values: apps/backend/README.md`,
    }),
  };
}

function password(view: ContainerView, line: string): Said {
  const { part } = view;
  const { kubectl, production } = part.facts.stack;
  const made = "'app.kubernetes.io/component in (database-login, backend)'";
  const inCluster = part.objects.workloads.some(
    ({ kind, metadata }) => kind === "StatefulSet" && metadata.labels !== undefined,
  );
  const again = `${kubectl} delete job,pod --selector ${made} && ${upCommand(part.facts)}`;
  return {
    about: aboutPod(view),
    title: "The database refuses the login: its password is not the one in the Secret.",
    evidence: [`${view.where}: ${line}`],
    next:
      production || !inCluster
        ? `npm run pulumi -- config set --stack ${part.facts.stack.name} --secret databaseUrl`
        : again,
    advice:
      production || !inCluster
        ? `It asks for the URL. Then: ${upCommand(part.facts)}`
        : "It makes the login anew, from the Secret as it was deployed.",
  };
}

/** Containers that ended badly and do not serve, then those that do so over and over and serve at the moment. */
function crashes(part: Part): ContainerView[] {
  const views = containersOf(part);
  return [...views.filter((view) => !serves(view)), ...views.filter(serves)].filter((view) => {
    const job = part.workloads.find(
      ({ kind, metadata }) => kind === "Job" && view.pod.metadata.name.startsWith(`${metadata.name}-`),
    );
    return failure(view) !== undefined && isTroubled(view) && (job === undefined || job.ready < job.wanted);
  });
}

function migration(view: ContainerView): Said {
  return {
    about: aboutPod(view),
    title: "The database's migration fails, so the new backend does not start.",
    evidence: [`${view.where}: exit code ${failure(view)?.exitCode}`, ...words(view)],
    ...mending(view.part, {
      next: logCommand(view),
      advice: "Nothing of a failed migration stays; mend the revision and deploy again.",
    }),
  };
}

function crash(view: ContainerView): Said {
  const { part, spec, status, init } = view;
  const { exitCode, reason } = failure(view) ?? {};
  const times = status.restartCount ?? 0;
  const title = init
    ? `The container ${spec.name} before the ${part.name} fails.`
    : `The ${part.name} ends as soon as it starts.`;
  const evidence = [`${view.where}: exit code ${exitCode} (${reason}), ${times} restarts`, ...words(view)];
  return {
    about: aboutPod(view),
    title,
    evidence,
    ...mending(part, { next: logCommand(view), advice: "Its last words tell why." }),
  };
}

function words({ log }: ContainerView): string[] {
  const last = lastWords(log);
  return last === "" ? ["it wrote nothing"] : [`its last words: ${last}`];
}

function findEvicted(part: Part): Said[] {
  return part.pods
    .filter(({ status }) => status.phase === "Failed" && status.reason === "Evicted")
    .filter(() => part.workloads.some(({ kind, wanted, ready }) => kind !== "ReplicaSet" && ready < wanted))
    .map(({ metadata, status }) => ({
      about: `pod ${metadata.name}`,
      title: `The node has put out a pod of the ${part.name} for want of room.`,
      evidence: [oneLine(status.message ?? "Evicted")],
      next: `${part.facts.stack.kubectl} describe nodes`,
    }));
}
