import { type ContainerView, containersOf, eventsOf } from "../containers.ts";
import { mending, oneLine, type Part, type PartRule, type Said, upCommand } from "../rule.ts";

const pullReasons = ["ErrImagePull", "ImagePullBackOff", "RegistryUnavailable"];

/** Why a container of a pod that has a node does not start. */
export const startRules: readonly PartRule[] = [
  { code: "image-not-on-node", find: (part) => waiting(part, ["ErrImageNeverPull"], /^/, notOnNode) },
  { code: "image-name", find: (part) => waiting(part, ["InvalidImageName"], /^/, badName) },
  {
    code: "registry-login",
    find: (part) => waiting(part, pullReasons, /unauthorized|401|403|forbidden|denied|authoriz|authenticat/i, login),
  },
  {
    code: "image-not-found",
    find: (part) => waiting(part, pullReasons, /not found|manifest unknown|404|does not exist/i, notFound),
  },
  { code: "image-pull", find: (part) => waiting(part, pullReasons, /^/, noPull) },
  { code: "secret-missing", find: (part) => missing(part, /secret "([^"]+)" not found/i, "Secret") },
  { code: "configmap-missing", find: (part) => missing(part, /configmap "([^"]+)" not found/i, "ConfigMap") },
  {
    code: "key-missing",
    find: (part) =>
      missing(
        part,
        /couldn't find key (\S+) in (?:Secret|ConfigMap) \S+|references non-existent (?:config|secret) key: (\S+)/i,
        "key",
      ),
  },
  { code: "volume-mount", find: findMount },
  { code: "command-missing", find: (part) => containersOf(part).flatMap(commandMissing) },
];

type Tell = (view: ContainerView, words: string) => Said;

/** Back-offs say less than what came before them: the events have the registry's words. */
function wordsOf(view: ContainerView): string {
  const message = view.status.state?.waiting?.message ?? "";
  const failed = eventsOf(view).findLast(
    ({ reason, message: said }) =>
      reason === "Failed" && said.includes("Failed to pull image") && said.includes(view.spec.image),
  );
  return failed === undefined || (message.length > 80 && !message.startsWith("Back-off")) ? message : failed.message;
}

function waiting(part: Part, reasons: readonly string[], pattern: RegExp, tell: Tell): Said[] {
  return containersOf(part).flatMap((view) => {
    const reason = view.status.state?.waiting?.reason ?? "";
    const words = wordsOf(view);
    return reasons.includes(reason) && pattern.test(words) ? [tell(view, words)] : [];
  });
}

const aboutPod = ({ pod }: ContainerView): string => `pod ${pod.metadata.name}`;

/** A registry's words come wrapped in each layer's own: the end tells. */
const tail = (words: string): string => (words.length > 240 ? `...${words.slice(-237)}` : words);

function notOnNode(view: ContainerView): Said {
  const { part, spec } = view;
  const lacking = part.objects.lackingImages.find(({ image }) => image === spec.image)?.nodes ?? [];
  const where = lacking.length > 0 ? `${lacking.join(", ")} lacks it` : "the node lacks it";
  return {
    about: aboutPod(view),
    title: `The image of the ${part.name} is not on the node.`,
    evidence: [`${spec.image}: ${where}, and it may not be pulled (${view.where})`],
    next: upCommand(part.facts),
    advice: "It builds the image where that is needed and puts it there.",
  };
}

function badName(view: ContainerView, words: string): Said {
  const title = `The image of the ${view.part.name} has a name that cannot be one.`;
  return { about: aboutPod(view), title, evidence: [oneLine(words)], ...setImage(view) };
}

function login(view: ContainerView, words: string): Said {
  const { part, spec } = view;
  const { kubectl } = part.facts.stack;
  return {
    about: aboutPod(view),
    title: `The registry refuses the login for the image of the ${part.name}.`,
    evidence: [`${spec.image} (${view.where})`, oneLine(tail(words))],
    ...mending(part, {
      next: `${kubectl} get secrets --field-selector type=kubernetes.io/dockerconfigjson`,
      advice:
        "Name a valid one in the value imagePullSecrets. Some registries say this of an image that does not exist, too.",
    }),
  };
}

function notFound(view: ContainerView, words: string): Said {
  const title = `The image of the ${view.part.name} does not exist in its registry.`;
  return {
    about: aboutPod(view),
    title,
    evidence: [`${view.spec.image} (${view.where})`, oneLine(tail(words))],
    ...setImage(view),
  };
}

function noPull(view: ContainerView, words: string): Said {
  const registry = /^[^/]*[.:][^/]*(?=\/)/.exec(view.spec.image)?.[0] ?? "docker.io";
  return {
    about: aboutPod(view),
    title: `The image of the ${view.part.name} cannot be pulled: the registry ${registry} does not serve it to the node.`,
    evidence: [`${view.spec.image} (${view.where})`, oneLine(tail(words))],
    ...setImage(view),
  };
}

function setImage({ part, pod }: ContainerView) {
  return mending(part, {
    next: upCommand(part.facts),
    advice: `It names the right image again. What the node said: ${part.facts.stack.kubectl} describe pod ${pod.metadata.name}`,
  });
}

function missing(part: Part, pattern: RegExp, what: string): Said[] {
  return containersOf(part).flatMap((view) => {
    const { reason = "", message = "" } = view.status.state?.waiting ?? {};
    const mount = eventsOf(view).findLast((event) => event.reason === "FailedMount" && pattern.test(event.message));
    const words =
      reason === "CreateContainerConfigError"
        ? message
        : reason === "ContainerCreating" || reason === "PodInitializing"
          ? (mount?.message ?? "")
          : "";
    const match = pattern.exec(words);
    if (match === null) return [];
    const name = match[1] ?? match[2] ?? "";
    const title =
      what === "key"
        ? `The key ${name} that the ${part.name} reads is missing.`
        : `The ${what} ${name} that the ${part.name} reads is missing.`;
    const others = part.objects.missingReferences.filter((one) => !one.includes(name));
    return [
      {
        about: aboutPod(view),
        title,
        evidence: [
          `${view.where}: ${oneLine(words)}`,
          ...(others.length > 0 ? [`missing too: ${others.join(", ")}`] : []),
        ],
        next: upCommand(part.facts),
        advice: "It makes what it made before; what you named yourself (existingSecrets, env), you make.",
      },
    ];
  });
}

function findMount(part: Part): Said[] {
  return containersOf(part).flatMap((view) => {
    const stuck = ["ContainerCreating", "PodInitializing"].includes(view.status.state?.waiting?.reason ?? "");
    const event = eventsOf(view).findLast(({ reason }) => reason === "FailedMount" || reason === "FailedAttachVolume");
    if (!stuck || event === undefined) return [];
    const title = `A volume of the ${part.name} cannot be mounted.`;
    const next = `${part.facts.stack.kubectl} describe pod ${view.pod.metadata.name}`;
    return [{ about: aboutPod(view), title, evidence: [oneLine(event.message)], ...mending(part, { next }) }];
  });
}

/** The runtime found no such program, or may not run it. */
function commandMissing(view: ContainerView): Said[] {
  const { state, lastState } = view.status;
  const words = [state?.waiting?.message, state?.terminated?.message, lastState?.terminated?.message].find((one) =>
    /executable file not found|no such file or directory|permission denied.*exec|exec format error/i.test(one ?? ""),
  );
  const reasons = [state?.waiting?.reason, state?.terminated?.reason, lastState?.terminated?.reason];
  const starting = reasons.some((one) => ["RunContainerError", "StartError", "ContainerCannotRun"].includes(one ?? ""));
  if (words === undefined || !starting) return [];
  const platform = /exec format error/i.test(words);
  const title = platform
    ? `The image of the ${view.part.name} is for another platform than the node's.`
    : `The command of the ${view.part.name}'s container does not exist in its image.`;
  const next = `${view.part.facts.stack.kubectl} describe pod ${view.pod.metadata.name}`;
  return [
    {
      about: aboutPod(view),
      title,
      evidence: [`${view.where}: ${oneLine(tail(words))}`],
      ...mending(view.part, { next }),
    },
  ];
}
