import { removeReplacedSecrets } from "./handlers/kubernetes.ts";
import { type ProgramRun, runIndex } from "./program.ts";
import type { RunnerOptions, RunnerResult } from "./types.ts";

export type { RunnerOptions, RunnerResult } from "./types.ts";

/**
 * Does what `pulumi up` would do, without the Pulumi CLI: runs the same program and makes each resource as it should be.
 * It keeps no state; what is there is asked of the engine and the cluster each time.
 *
 * @throws Error with the first thing that failed.
 */
export async function runProgram(options: RunnerOptions): Promise<RunnerResult> {
  const run = await runIndex(options, true);
  await removeStaleSecrets(run);
  return resultOf(run);
}

/** Tells what `runProgram` would do; changes nothing. */
export async function previewProgram(options: RunnerOptions): Promise<RunnerResult> {
  return resultOf(await runIndex(options, false));
}

/** Removes what `runProgram` made, the last one first. */
export async function destroyProgram(options: RunnerOptions): Promise<RunnerResult> {
  const run = await runIndex(options, false);
  const removals = run.resources.toReversed().flatMap(({ plan }) => (plan.remove === undefined ? [] : [plan.remove]));
  for (const remove of removals) await remove();
  return { outputs: run.outputs, changed: removals.length > 0, summary: "" };
}

function resultOf({ outputs, resources }: ProgramRun): RunnerResult {
  const changes = resources.flatMap(({ plan }) => plan.change?.summary ?? []);
  return { outputs, changed: changes.length > 0, summary: changes.join("\n") };
}

async function removeStaleSecrets({ machine, resources }: ProgramRun): Promise<void> {
  const secrets = resources.filter(({ request }) => request.type === "kubernetes:core/v1:Secret");
  const current = new Map(secrets.map(({ request, plan }) => [request.name, plan.id.split("/")[1] ?? ""]));
  const namespace = secrets[0]?.request.inputs.metadata.namespace as string | undefined;
  if (namespace !== undefined) await removeReplacedSecrets(machine, namespace, current);
}
