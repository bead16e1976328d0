import * as pulumi from "@pulumi/pulumi";
import type { NodeTarget } from "../node/target.ts";

/** What the resource keeps of one image. */
interface GenerationInputs {
  readonly target: NodeTarget;
  /** Name and tag; the tag names the content. */
  readonly reference: string;
  /** Set by the check: how often content that had been built was lost. */
  readonly generation?: number;
}

/**
 * The loader is imported when it is needed, by its place below the program's folder: Pulumi stores the text of this
 * provider in the state, and a text that holds neither a path of this machine nor the loader itself never differs.
 * The check alone is handed the inputs of the last update, and so can tell content that is new from content that is lost.
 */
const provider: pulumi.dynamic.ResourceProvider<GenerationInputs, GenerationInputs> = {
  async check(olds, news) {
    const before = olds.generation ?? 0;
    if (olds.reference !== news.reference) return { inputs: { ...news, generation: before } };
    const { pathToFileURL } = await import("node:url");
    const presence = await import(pathToFileURL(`${process.cwd()}/components/node/presence.ts`).href);
    const lost = await presence.isLost(news.target, news.reference);
    return { inputs: { ...news, generation: lost ? before + 1 : before } };
  },
  async diff(_id, olds, news) {
    return { changes: olds.generation !== news.generation };
  },
  async create(inputs) {
    return { id: inputs.reference.slice(0, inputs.reference.lastIndexOf(":")), outs: inputs };
  },
  async update(_id, _olds, news) {
    return { outs: news };
  },
};

/** What a build generation is made of. */
export interface BuildGenerationArgs {
  readonly target: NodeTarget;
  readonly reference: string;
}

/**
 * Counts how often an image had to be built again although nothing in it changed: `docker.Image` does not notice that what
 * it built is gone from the engine (pulumi-docker issue 593). The count moves when neither the engine nor every node has
 * the image any more, as after `docker system prune -a`, and as an input of the build makes it run.
 */
export class BuildGeneration extends pulumi.dynamic.Resource {
  declare readonly generation: pulumi.Output<number>;

  constructor(name: string, args: BuildGenerationArgs, opts?: pulumi.CustomResourceOptions) {
    super(provider, name, { ...args, generation: undefined }, opts, "todo-stack", "BuildGeneration");
  }
}
