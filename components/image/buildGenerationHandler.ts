import { askForImages, isLost } from "../node/presence.ts";
import type { NodeTarget } from "../node/target.ts";
import type { ResourceHandler } from "../provider/handlers.ts";

/** What the resource keeps of one image. */
export interface GenerationInputs {
  readonly target: NodeTarget;
  /** Name and tag; the tag names the content. */
  readonly reference: string;
  /** Set by the check: how often content that had been built was lost. */
  readonly generation?: number;
}

/** The check alone is handed the inputs of the last update, and so can tell content that is new from content that is lost. */
export const buildGenerationHandler: ResourceHandler<GenerationInputs> = {
  async check(olds, news) {
    const before = olds.generation ?? 0;
    // The engine comes to this before the images on the nodes, which will ask the same.
    void askForImages(news.target);
    if (olds.reference !== news.reference) return { inputs: { ...news, generation: before } };
    const lost = await isLost(news.target, news.reference);
    return { inputs: { ...news, generation: lost ? before + 1 : before } };
  },
  async diff(olds, news) {
    return { changes: olds.generation !== news.generation };
  },
  async create({ reference }) {
    return reference.slice(0, reference.lastIndexOf(":"));
  },
};
