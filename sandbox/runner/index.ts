import { findReplacedSecrets, removeSecrets } from "./handlers/kubernetes.ts";
import { type PlannedResource, type ProgramRun, runIndex } from "./program.ts";
import type { ResourceInputs, ResourceStep, RunnerOptions, RunnerResult } from "./types.ts";

export { readStackConfiguration } from "./configuration.ts";
export { runOnMocks } from "./mocks.ts";
export type { RunnerOptions, RunnerResult } from "./types.ts";

const secretType = "kubernetes:core/v1:Secret";
const releaseType = "kubernetes:helm.sh/v3:Release";

/**
 * Does what `pulumi up` would do, without the Pulumi CLI: runs the same program and makes each resource as it should be.
 * It keeps no state; what is there is asked of the engine and the cluster each time.
 *
 * @throws Error with the first thing that failed.
 */
export async function runProgram(options: RunnerOptions): Promise<RunnerResult> {
  const run = await runIndex(options, true);
  const stale = await findStaleSecrets(run);
  await removeSecrets(run.machine, stale);
  return resultOf(run, stale);
}

/** Tells what `runProgram` would do; changes nothing. */
export async function previewProgram(options: RunnerOptions): Promise<RunnerResult> {
  const run = await runIndex(options, false);
  return resultOf(run, await findStaleSecrets(run));
}

/** Removes what `runProgram` made, the last one first. */
export async function destroyProgram(options: RunnerOptions): Promise<RunnerResult> {
  const run = await runIndex(options, false);
  const removals = run.resources.toReversed().flatMap(({ plan }) => (plan.remove === undefined ? [] : [plan.remove]));
  for (const remove of removals) await remove();
  return { outputs: run.outputs, changed: removals.length > 0, summary: "", steps: [] };
}

function resultOf({ outputs, resources }: ProgramRun, stale: readonly ResourceInputs[]): RunnerResult {
  const changes = resources.flatMap(({ plan }) => plan.change?.summary ?? []);
  const removed = stale.map((before) => ({ type: secretType, before, after: undefined, changed: [] }));
  const steps = [...resources.flatMap(stepOf), ...removed];
  return { outputs, changed: changes.length > 0, summary: changes.join("\n"), steps };
}

/** The release is told also where it stays: what was changed in its objects by hand is compared with it. */
function stepOf({ request: { type, inputs }, plan }: PlannedResource): ResourceStep[] {
  if (type === releaseType) return [{ type, before: inputs, after: inputs, changed: [] }];
  return plan.change?.step === undefined ? [] : [{ type, ...plan.change.step, changed: [] }];
}

async function findStaleSecrets({ machine, resources }: ProgramRun): Promise<ResourceInputs[]> {
  const secrets = resources.filter(({ request }) => request.type === secretType);
  const current = new Map(secrets.map(({ request, plan }) => [request.name, plan.id.split("/")[1] ?? ""]));
  const namespace = secrets[0]?.request.inputs.metadata.namespace as string | undefined;
  return namespace === undefined ? [] : findReplacedSecrets(machine, namespace, current);
}
