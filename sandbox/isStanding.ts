import { haveBaseImages } from "./bases/ensureBaseImages.ts";
import { configurationKey, findContainer } from "./cluster/container.ts";
import { answersHere } from "./cluster/kubeconfig.ts";
import { CONFIGURATION_LABEL } from "./cluster/label.ts";
import { nodeImageKey } from "./cluster/nodeImage.ts";
import { unreadiness } from "./cluster/readiness.ts";
import type { ClusterSettings } from "./cluster/settings.ts";

/**
 * Whether a sandbox stands as `ensureBaseImages` and `ensureCluster` would leave it: the engine has the base images, the
 * cluster is of this version of the repository and of these settings, and it answers. All is asked at once; nothing is
 * changed, and no turn is waited for.
 */
export async function isStanding(settings: ClusterSettings): Promise<boolean> {
  const [bases, key, container, problem, answers] = await Promise.all([
    haveBaseImages(),
    nodeImageKey(),
    findContainer(settings.name),
    unreadiness(settings.name),
    answersHere(settings),
  ]);
  const isOfThese = container?.Config.Labels?.[CONFIGURATION_LABEL] === configurationKey(settings, key);
  return bases && isOfThese && container.State.Running && problem === undefined && answers;
}
