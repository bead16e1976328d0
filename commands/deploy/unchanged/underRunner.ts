import type { RunnerOptions } from "../../../sandbox/runner/types.ts";
import type { Machine } from "../../support/machine.ts";
import { Doubt } from "./doubt.ts";

/**
 * Whether the runner would find nothing to do: it keeps no state, and its preview asks the engine and the cluster.
 *
 * @returns The program's outputs.
 * @throws Doubt, or what failed, wherever the answer is not a plain yes.
 */
export async function lookUnderRunner(machine: Machine, options: RunnerOptions): Promise<Record<string, unknown>> {
  const { previewProgram } = await machine.runner();
  const told: string[] = [];
  const { outputs, changed, summary, steps } = await previewProgram({
    ...options,
    said: (line) => void told.push(line),
  });
  const removed = steps.some(({ after }) => after === undefined);
  if (changed || removed || told.length > 0) throw new Doubt([summary, ...told].join("; "));
  return outputs;
}
