import { Image } from "@pulumi/docker/image.js";
import type * as pulumi from "@pulumi/pulumi";
import type { NodeTarget } from "../node/target.ts";
import { buildFailureHooks } from "./buildFailure.ts";
import { BuildGeneration } from "./buildGeneration.ts";
import type { ImageSource } from "./identity.ts";

/** An image that is put on the nodes of a cluster on this machine. */
export interface NodeBuild {
  readonly reference: string;
  readonly source: ImageSource;
  readonly target: NodeTarget;
}

/** A build, and the question before it. */
export interface StartedBuild {
  readonly image: Image;
  /** Asks the engine and the nodes whether they have lost the image. */
  readonly question: BuildGeneration;
}

/** Builds an image that goes to no registry; `NodeImage` brings it to the nodes. */
export function buildOnNode(
  name: string,
  { reference, source, target }: NodeBuild,
  parent: pulumi.Resource,
): StartedBuild {
  const question = new BuildGeneration(`${name}-build`, { target, reference }, { parent });
  const args = question.generation.apply((lost) => buildArguments(source, lost));
  const image = new Image(
    name,
    { imageName: reference, build: { ...source, args }, skipPush: true },
    { parent, hooks: buildFailureHooks(name, reference, source) },
  );
  return { image, question };
}

/**
 * The arguments of a build. Content that was lost is built again by one more of them, which no Dockerfile reads: its content
 * and its tag are the same.
 *
 * @param again - How often that was so.
 */
export function buildArguments({ args }: ImageSource, again: number): Record<string, string> {
  return again > 0 ? { ...args, BUILD_GENERATION: String(again) } : { ...args };
}
