import { homedir } from "node:os";
import { join } from "node:path";
import { ClusterApi } from "../../../components/cluster/api.ts";
import { kubeconfigPaths } from "../../../components/cluster/kubeconfig.ts";
import type { Machine } from "../../support/machine.ts";
import type { StackSettings } from "../settings.ts";
import { Doubt } from "./doubt.ts";
import { EngineView } from "./engineView.ts";
import { lookAtResource } from "./live.ts";
import { readStackState } from "./stackState.ts";

/** What is looked at. */
export interface Asked {
  readonly settings: StackSettings;
  readonly stackFile: string;
  /** Takes the first thing that speaks against it, as soon as it is known. */
  readonly doubts: (why: unknown) => void;
}

/**
 * Whether `pulumi up` would find nothing to do, without the engine's start: the program runs here, and each resource is
 * compared with the state, as the engine compares it, and with the machine and the cluster, as the providers do. Secrets are
 * decrypted in this process's memory alone.
 *
 * @returns The program's outputs.
 * @throws Doubt, or what failed, wherever the answer is not a plain yes.
 */
export async function lookUnderPulumi(
  machine: Machine,
  { settings, stackFile, doubts }: Asked,
): Promise<Record<string, unknown>> {
  const { project, stack, context } = settings;
  const kubeconfig = machine.env.KUBECONFIG ?? join(machine.env.HOME ?? homedir(), ".kube", "config");
  // The key takes longest, on another thread.
  const reading = readStackState(machine, project, stack);
  reading.catch(() => undefined);
  const [runner, api] = await Promise.all([machine.runner(), ClusterApi.named(kubeconfigPaths(kubeconfig), context)]);
  const state = await reading;
  const { values, secretKeys } = runner.readStackConfiguration(stackFile, state.unseal);
  const view = new EngineView(state, { look: (kept) => lookAtResource(kept, api), doubts });
  const told: string[] = [];
  const said = (line: string): void => void told.push(line);
  const answer: EngineView["answer"] = (asked) => view.answer(asked);
  const run = { project, stack, values, secretKeys, kubeconfig, preview: true, said, answer };
  const outputs = await runner.runOnMocks(run);
  await view.finish(outputs, values);
  if (told.length > 0) throw new Doubt(told.join("; "));
  return outputs;
}
