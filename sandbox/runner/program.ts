import { basename } from "node:path";
import { UserError } from "../support/userError.ts";
import { readStackConfiguration } from "./configuration.ts";
import { buildGenerationHandler, imageHandler, publishedImageHandler } from "./handlers/image.ts";
import { namespaceHandler, providerHandler, secretHandler } from "./handlers/kubernetes.ts";
import { nodeImageHandler } from "./handlers/nodeImage.ts";
import { randomPasswordHandler } from "./handlers/random.ts";
import { releaseHandler } from "./handlers/release.ts";
import { openMachine } from "./machine.ts";
import { type AskedResource, runOnMocks } from "./mocks.ts";
import type { Handler, Machine, Plan, ResourceRequest, RunnerOptions } from "./types.ts";

const handlers: Readonly<Record<string, Handler>> = {
  "pulumi:providers:kubernetes": providerHandler,
  "docker:index/image:Image": imageHandler,
  "pulumi-nodejs:dynamic/todo-stack:BuildGeneration": buildGenerationHandler,
  "pulumi-nodejs:dynamic/todo-stack:NodeImage": nodeImageHandler,
  "pulumi-nodejs:dynamic/todo-stack:PublishedImage": publishedImageHandler,
  "random:index/randomPassword:RandomPassword": randomPasswordHandler,
  "kubernetes:core/v1:Namespace": namespaceHandler,
  "kubernetes:core/v1:Secret": secretHandler,
  "kubernetes:helm.sh/v3:Release": releaseHandler,
};

/** What became of one resource. */
export interface PlannedResource {
  readonly request: ResourceRequest;
  readonly plan: Plan;
}

/** What a run of the program came to. */
export interface ProgramRun {
  readonly machine: Machine;
  readonly outputs: Record<string, unknown>;
  /** In the order in which the program asked for them. */
  readonly resources: readonly PlannedResource[];
}

/**
 * Runs the program with mocks that plan each resource and, where they may act, make it so.
 *
 * @param act - Whether changes are applied or only planned.
 * @throws Error the first failure of the program or of a resource.
 */
export async function runIndex(options: RunnerOptions, act: boolean): Promise<ProgramRun> {
  const { project, values } = readStackConfiguration(options.stackFile);
  refuseKagent(values[`${project}:kagent`], basename(options.stackFile));
  const machine = openMachine(options, project);
  const resources: PlannedResource[] = [];
  const answer = async (asked: AskedResource) => {
    if (!asked.custom) return { id: asked.name, state: asked.inputs };
    const plan = await planResource(asked, machine);
    resources.push({ request: asked, plan });
    return { id: plan.id, state: act && plan.change !== undefined ? await plan.change.apply() : plan.state };
  };
  const { stack, kubeconfig, said } = machine;
  const outputs = await runOnMocks({ project, stack, values, kubeconfig, preview: !act, said, answer });
  return { machine, outputs, resources };
}

/** Its charts are in a registry, and its custom resources are for a provider that knows them. */
function refuseKagent(kagent: string | undefined, file: string): void {
  if (!/"enabled":\s*"?true/.test(kagent ?? "")) return;
  throw new UserError(
    "kagent needs the Pulumi CLI, which is not here; the sandbox's runner does not bring it. Nothing was changed. Do without:\n" +
      `  take kagent out of ${file}`,
  );
}

async function planResource(request: ResourceRequest, machine: Machine): Promise<Plan> {
  const handler = handlers[request.type];
  if (handler === undefined) throw new Error(`The sandbox's runner does not know resources of type ${request.type}.`);
  return handler(request, machine);
}
