import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { readStackConfiguration } from "./configuration.ts";
import { buildGenerationHandler, imageHandler } from "./handlers/image.ts";
import { namespaceHandler, providerHandler, secretHandler } from "./handlers/kubernetes.ts";
import { nodeImageHandler } from "./handlers/nodeImage.ts";
import { randomPasswordHandler } from "./handlers/random.ts";
import { releaseHandler } from "./handlers/release.ts";
import { plain } from "./secrets.ts";
import type { Handler, Machine, Plan, ResourceInputs, ResourceRequest, RunnerOptions } from "./types.ts";

const handlers: Readonly<Record<string, Handler>> = {
  "pulumi:providers:kubernetes": providerHandler,
  "docker:index/image:Image": imageHandler,
  "pulumi-nodejs:dynamic/todo-stack:BuildGeneration": buildGenerationHandler,
  "pulumi-nodejs:dynamic/todo-stack:NodeImage": nodeImageHandler,
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

let runs = 0;

/**
 * Runs `index.ts` on Pulumi's mocks, with mocks that plan each resource and, where they may act, make it so.
 *
 * @param act - Whether changes are applied or only planned.
 * @throws Error the first failure of the program or of a resource.
 */
export async function runIndex(options: RunnerOptions, act: boolean): Promise<ProgramRun> {
  const { project, values } = readStackConfiguration(options.stackFile);
  const machine: Machine = { stack: "local", ...options, project, context: "" };
  const resources: PlannedResource[] = [];
  const failures: Error[] = [];
  const remember = (error: unknown) => void failures.push(error instanceof Error ? error : new Error(String(error)));
  const newResource = async (args: pulumi.runtime.MockResourceArgs) => {
    try {
      return await makeResource(args, machine, resources, act);
    } catch (error) {
      remember(error);
      throw error;
    }
  };
  await pulumi.runtime.setMocks({ newResource, call: ({ inputs }) => inputs }, project, machine.stack, !act);
  pulumi.runtime.setAllConfig(values);
  process.env.KUBECONFIG = options.kubeconfig;
  process.on("unhandledRejection", remember);
  try {
    const outputs = await resolveOutputs(await importProgram(), failures);
    process.off("unhandledRejection", remember);
    return { machine, outputs, resources };
  } catch (error) {
    // What waited for the failed resource rejects one after another, also later: the listener stays.
    throw failures[0] ?? error;
  }
}

async function makeResource(
  { type, name, inputs, custom }: pulumi.runtime.MockResourceArgs,
  machine: Machine,
  resources: PlannedResource[],
  act: boolean,
): Promise<pulumi.runtime.MockResourceResult> {
  if (custom === false) return { id: name, state: inputs };
  const handler = handlers[type];
  if (handler === undefined) throw new Error(`The sandbox's runner does not know resources of type ${type}.`);
  const request = { type, name, inputs: plain(inputs) as ResourceInputs };
  const plan = await handler(request, machine);
  resources.push({ request, plan });
  return { id: plan.id, state: act && plan.change !== undefined ? await plan.change.apply() : plan.state };
}

/** A module runs once for each address; the query makes a second run of the program in one process possible. */
async function importProgram(): Promise<Record<string, unknown>> {
  runs += 1;
  return { ...(await import(`${pathToFileURL(resolve("index.ts")).href}?run=${runs}`)) };
}

/** Waits for every resource, also those that no output names. */
async function resolveOutputs(
  exported: Record<string, unknown>,
  failures: readonly Error[],
): Promise<Record<string, unknown>> {
  const resolved = new Promise<Record<string, unknown>>((resolve) => {
    pulumi.output(exported).apply((outputs) => resolve(outputs as Record<string, unknown>));
  });
  await pulumi.runtime.disconnect(false);
  if (failures[0] !== undefined) throw failures[0];
  return resolved;
}
