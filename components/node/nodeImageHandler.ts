import type { ResourceHandler } from "../provider/handlers.ts";
import { ensureOnNodes, findNodes, nodesWithout, removeFromNodes } from "./presence.ts";
import type { NodeTarget } from "./target.ts";

/** What the resource keeps of an image on a cluster's nodes. */
export interface NodeImageInputs {
  readonly target: NodeTarget;
  /** Name and tag; the tag names the content. */
  readonly reference: string;
}

/** What the engine asks of an image on the nodes. */
export const nodeImageHandler: ResourceHandler<NodeImageInputs> = {
  async create({ target, reference }) {
    await ensureOnNodes(target, reference);
    return reference.slice(0, reference.lastIndexOf(":"));
  },
  async diff(olds, news) {
    const changed = olds.reference !== news.reference;
    const moved = olds.target.kind !== news.target.kind || olds.target.context !== news.target.context;
    if (changed || moved) return { changes: true, replaces: moved ? ["target"] : [] };
    const lacking = await nodesWithout(news.reference, await findNodes(news.target));
    return { changes: lacking.length > 0 };
  },
  async update({ target, reference }) {
    await ensureOnNodes(target, reference);
  },
  async delete({ target, reference }) {
    await removeFromNodes(target, reference);
  },
};
