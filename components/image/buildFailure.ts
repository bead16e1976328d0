import * as pulumi from "@pulumi/pulumi";
import { type CommandRunner, commandsIn } from "../node/process.ts";
import { buildCommand } from "./buildCommand.ts";
import type { ImageSource } from "./identity.ts";

/** Lines of a failed build that are told. */
const toldLines = 20;

/**
 * What the build itself says of its failure. The provider shows each line for a moment only and then names the step that
 * failed; the same build once more, from the cache up to that step, has the words.
 *
 * @returns The last lines; empty where the build succeeds this time.
 */
export async function explainFailure(
  source: ImageSource,
  run: CommandRunner = commandsIn({ ...process.env, DOCKER_BUILDKIT: "1" }),
): Promise<string> {
  try {
    await run.output(buildCommand(source));
    return "";
  } catch (error) {
    return lastLines(error as Error);
  }
}

/** What a failed build said last: the words of the step that failed, where BuildKit names one, and else all of them. */
export function lastLines({ message }: Error): string {
  const lines = message.split("\n").filter((line) => line.trim() !== "");
  return (wordsOfFailedStep(lines) ?? lines).slice(-toldLines).join("\n");
}

/** BuildKit's plain progress has the lines of all steps in the order of time, each with its step's number: `#15 0.80 words`. */
function wordsOfFailedStep(lines: readonly string[]): string[] | undefined {
  const step = lines.findLast((line) => /^#\d+ ERROR/.test(line))?.split(" ")[0];
  if (step === undefined) return undefined;
  const own = lines.filter((line) => line.startsWith(`${step} `) && !line.startsWith(`${step} sha256:`));
  return [...new Set(own)].map((line) => line.replace(/^#\d+ (\d+\.\d+ )?/, ""));
}

/** Tells why an image was not built. Only an update builds; Pulumi's mocks run no hooks, and refuse to register one. */
export function buildFailureHooks(name: string, reference: string, source: ImageSource): pulumi.ResourceHookBinding {
  if (!pulumi.runtime.hasEngine()) return {};
  const explain = new pulumi.ErrorHook(`build-failure-${name}`, async () => {
    const words = await explainFailure(source);
    if (words !== "") pulumi.log.error(`The image ${reference} was not built (${source.dockerfile}):\n${words}`);
    return false;
  });
  return { onError: [explain] };
}
