import "../../components/start/preload.mjs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { followRegistrations, type Registration } from "./registrations.ts";
import { plain } from "./secrets.ts";
import type { ResourceInputs, ResourceRequest } from "./types.ts";

/** A resource as the program asks for it. */
export interface AskedResource extends ResourceRequest, Registration {
  /** Whether a provider makes it; components are the program's own. */
  readonly custom: boolean;
}

/** How the program is run. */
export interface MockRun {
  readonly project: string;
  readonly stack: string;
  /** The configuration, `todo-stack:key` to text. */
  readonly values: Record<string, string>;
  /** The keys of values that are secret. */
  readonly secretKeys?: readonly string[];
  readonly kubeconfig: string;
  /** Whether the program is told that it is a preview. */
  readonly preview: boolean;
  /** Takes what the program says of itself, information and warnings; default: the terminal. */
  readonly said?: ((message: string) => void) | undefined;
  /** Gives a resource its ID and its outputs. */
  readonly answer: (asked: AskedResource) => Promise<{ readonly id: string; readonly state: ResourceInputs }>;
}

let runs = 0;

/**
 * Runs `index.ts` on Pulumi's mocks.
 *
 * @returns The program's outputs.
 * @throws Error the first failure of the program or of a resource.
 */
export async function runOnMocks(run: MockRun): Promise<Record<string, unknown>> {
  const { project, stack } = run;
  const failures: Error[] = [];
  const remember = (error: unknown) => void failures.push(error instanceof Error ? error : new Error(String(error)));
  let registration: Registration = { urn: "", version: "" };
  const newResource = async ({ type, name, inputs, custom }: pulumi.runtime.MockResourceArgs) => {
    const asked = { type, name, inputs: plain(inputs) as ResourceInputs, custom: custom !== false, ...registration };
    try {
      return await run.answer(asked);
    } catch (error) {
      remember(error);
      throw error;
    }
  };
  await pulumi.runtime.setMocks({ newResource, call: ({ inputs }) => inputs }, project, stack, run.preview);
  followRegistrations({ project, stack }, (next) => {
    registration = next;
  });
  const speakFreely = listen(run.said);
  pulumi.runtime.setAllConfig(run.values);
  process.env.KUBECONFIG = run.kubeconfig;
  // Where the language host names them: pulumi/pulumi, sdk/nodejs/runtime/config.ts.
  if (run.secretKeys !== undefined) process.env.PULUMI_CONFIG_SECRET_KEYS = JSON.stringify(run.secretKeys);
  process.on("unhandledRejection", remember);
  try {
    const outputs = await resolveOutputs(await importProgram(), failures);
    process.off("unhandledRejection", remember);
    return outputs;
  } catch (error) {
    // What waited for the failed resource rejects one after another, also later: the listener stays.
    throw failures[0] ?? error;
  } finally {
    speakFreely();
  }
}

/** Without an engine the SDK's own log goes to the terminal; gives back what lets it do so again. */
function listen(said: MockRun["said"]): () => void {
  if (said === undefined) return () => undefined;
  const { info, warn } = pulumi.log;
  const take = async (message: string): Promise<void> => said(message);
  Object.assign(pulumi.log, { info: take, warn: take });
  return () => Object.assign(pulumi.log, { info, warn });
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
