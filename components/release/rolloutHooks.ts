import * as pulumi from "@pulumi/pulumi";
import { podsOf } from "../../rollout/pods.ts";
import { type RolloutWatch, watchRollout } from "../../rollout/watch.ts";
import type { ClusterApi } from "../cluster/api.ts";
import { awaitStarted, movedImages, startAhead } from "./headStart.ts";
import type { ReleaseName } from "./history.ts";
import { adoptRelease, settleRelease } from "./settle.ts";

/** The share of the timeout after which a container that is not ready is reported: late enough for a slow start. */
const unreadyShare = 0.4;

/**
 * What happens around an operation on the release: before it, what an interrupted one left is cleared away; while it runs,
 * whatever keeps a new pod from serving is reported at once, with the container's last lines, because the provider says
 * only that the time was over. Hooks run in updates alone: https://www.pulumi.com/docs/iac/concepts/resources/options/hooks/
 *
 * @param timeoutSeconds - How long an operation may take.
 */
export function rolloutHooks(
  api: ClusterApi | undefined,
  release: ReleaseName,
  timeoutSeconds: number,
): pulumi.ResourceHookBinding {
  // Pulumi's mocks run no hooks, and refuse to register one.
  if (api === undefined || !pulumi.runtime.hasEngine()) return {};
  const pods = podsOf(api, release.namespace, release.releaseName);
  const say = (line: string): void => void pulumi.log.info(line);
  const failing = new AbortController();
  const report = (problem: string): void => {
    failing.abort();
    void pulumi.log.warn(`A new pod of the release ${release.releaseName} does not serve:\n${problem}`);
  };
  let watch: RolloutWatch | undefined;
  const begin = async (): Promise<void> => {
    watch = await watchRollout(pods, { report, unreadyMilliseconds: timeoutSeconds * unreadyShare * 1000 });
  };
  const end = async (): Promise<void> => {
    await watch?.stop();
  };
  const install = async (): Promise<void> => {
    await adoptRelease(api, release, { timeoutSeconds, say });
    await begin();
  };
  const upgrade = async ({ oldInputs, newInputs }: pulumi.ResourceHookArgs): Promise<void> => {
    const last = await settleRelease(api, release, { timeoutSeconds, say });
    await begin();
    const moved = movedImages(oldInputs, newInputs);
    if (last === undefined || moved === undefined) return;
    // Helm does all of it itself where this fails, and tells why it cannot.
    const started = await startAhead(api, release, last, moved).catch(() => []);
    await awaitStarted(api, release, started, failing.signal);
  };
  return { beforeCreate: [install], beforeUpdate: [upgrade], afterCreate: [end], afterUpdate: [end] };
}
