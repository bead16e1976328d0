import { commandsIn } from "../../components/node/process.ts";
import { watchRollout } from "../../rollout/watch.ts";
import { UserError } from "../support/errors.ts";
import type { Machine } from "../support/machine.ts";
import { findTool } from "../tools/install.ts";
import type { StackSettings } from "./settings.ts";

/**
 * Deploys under a watch on the release's pods: the provider says only that the time was over, and takes the failed pods
 * away before anybody can look at them. Without a kubectl on this machine there is no watch.
 *
 * @throws UserError of the deployment, with what kept the pods from serving.
 */
export async function watched<T>(machine: Machine, settings: StackSettings, deploy: () => Promise<T>): Promise<T> {
  const { context, namespace, releaseName } = settings;
  const kubectl = await findTool(machine, "kubectl");
  if (kubectl === undefined) return deploy();
  const watch = await watchRollout({ kubectl, context, namespace, releaseName }, commandsIn(machine.env));
  try {
    const deployed = await deploy();
    await watch.stop();
    return deployed;
  } catch (error) {
    const seen = await watch.stop();
    if (seen === "" || !(error instanceof UserError)) throw error;
    throw new UserError(`${error.message}\nWhat kept the new pods from serving:\n${seen}`, error.remedy);
  }
}
