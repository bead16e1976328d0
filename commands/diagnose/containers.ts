import type { ContainerFacts, ContainerStatusFacts, EventFacts, PodFacts } from "./facts.ts";
import { oneLine, type Part } from "./rule.ts";

/** One container of a pod, with all that tells of it. */
export interface ContainerView {
  readonly part: Part;
  readonly pod: PodFacts;
  readonly init: boolean;
  readonly spec: ContainerFacts;
  readonly status: ContainerStatusFacts;
  /** The pod's name, and the container's where it is not the part's main one, for people. */
  readonly where: string;
  /** Both logs, the run before first. */
  readonly log: string;
}

/** The containers of a part's pods that have a status. */
export function containersOf(part: Part): ContainerView[] {
  return part.pods
    .filter(({ status }) => status.phase !== "Succeeded")
    .flatMap((pod) => [
      ...views(part, pod, true, pod.spec.initContainers, pod.status.initContainerStatuses),
      ...views(part, pod, false, pod.spec.containers, pod.status.containerStatuses),
    ]);
}

function views(
  part: Part,
  pod: PodFacts,
  init: boolean,
  specs: readonly ContainerFacts[] = [],
  statuses: readonly ContainerStatusFacts[] = [],
): ContainerView[] {
  return specs.flatMap((spec) => {
    const status = statuses.find(({ name }) => name === spec.name);
    if (status === undefined) return [];
    const { now = "", before = "" } = part.objects.logs[`${pod.metadata.name}/${spec.name}`] ?? {};
    const where = `pod ${pod.metadata.name}, container ${spec.name}`;
    return [{ part, pod, init, spec, status, where, log: `${before}\n${now}`.trim() }];
  });
}

/** How it ended last, where that was no success: now, or in the run before. */
export function failure({ status: { state, lastState } }: ContainerView) {
  const ended = state?.terminated ?? lastState?.terminated;
  // 143 is SIGTERM's, and "Unknown" what a kubelet writes that was away itself.
  const well = ended === undefined || ended.exitCode === 0 || ended.exitCode === 143 || ended.reason === "Unknown";
  return well ? undefined : ended;
}

/** Whether it serves, as far as its part needs it: an init container once it has ended well. */
export function serves({ init, status }: ContainerView): boolean {
  return init ? status.state?.terminated?.exitCode === 0 : status.ready === true;
}

/** The pod's events, the newest last. */
export function eventsOf({ part, pod }: ContainerView): readonly EventFacts[] {
  return part.objects.events.filter(({ object }) => object === `Pod/${pod.metadata.name}`);
}

/** What the last line of a log says: of a line in JSON its message. */
export function lastWords(log: string): string {
  const lines = log.split("\n").filter((line) => line.trim() !== "");
  const telling = lines.findLast((line) => /error|fatal|critical|exception|denied|refused/i.test(line));
  return oneLine(messageOf(telling ?? lines.at(-1) ?? ""));
}

/** The newest line that fits, told as above. */
export function lineWith(log: string, pattern: RegExp): string | undefined {
  const line = log.split("\n").findLast((one) => pattern.test(one));
  return line === undefined ? undefined : oneLine(messageOf(line));
}

function messageOf(line: string): string {
  try {
    const { message } = JSON.parse(line) as { message?: unknown };
    return typeof message === "string" ? message : line;
  } catch {
    return line;
  }
}

/** The command that shows a container's log; of the run before where there was one. */
export function logCommand({ part, pod, spec, status }: ContainerView): string {
  const previous = (status.restartCount ?? 0) > 0 && status.state?.running === undefined ? " --previous" : "";
  return `${part.facts.stack.kubectl} logs ${pod.metadata.name} --container ${spec.name} --tail 50${previous}`;
}
