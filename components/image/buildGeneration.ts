import * as pulumi from "@pulumi/pulumi";
import { ownResource } from "../provider/ownResource.ts";
import type { GenerationInputs } from "./buildGenerationHandler.ts";

/** What a build generation is made of. */
export type BuildGenerationArgs = Omit<GenerationInputs, "generation">;

/**
 * Counts how often an image had to be built again although nothing in it changed: `docker.Image` does not notice that what
 * it built is gone from the engine (pulumi-docker issue 593). The count moves when neither the engine nor every node has
 * the image any more, as after `docker system prune -a`, and as an input of the build makes it run.
 */
export class BuildGeneration extends pulumi.CustomResource {
  declare readonly generation: pulumi.Output<number>;

  constructor(name: string, args: BuildGenerationArgs, opts?: pulumi.CustomResourceOptions) {
    super(ownResource("BuildGeneration"), name, { ...args, generation: undefined }, opts);
  }
}
