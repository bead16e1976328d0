import * as pulumi from "@pulumi/pulumi";
import type { NodeTarget } from "./target.ts";

/** What the resource keeps of an image on a cluster's nodes. */
interface NodeImageInputs {
  readonly target: NodeTarget;
  /** Name and tag; the tag names the content. */
  readonly reference: string;
}

/**
 * The loader is imported when it is needed, by its place below the program's folder: Pulumi stores the text of this
 * provider in the state, and a text that holds neither a path of this machine nor the loader itself never differs.
 */
const provider: pulumi.dynamic.ResourceProvider<NodeImageInputs, NodeImageInputs> = {
  async create(inputs) {
    const { pathToFileURL } = await import("node:url");
    const presence = await import(pathToFileURL(`${process.cwd()}/components/node/presence.ts`).href);
    await presence.ensureOnNodes(inputs.target, inputs.reference);
    return { id: inputs.reference.slice(0, inputs.reference.lastIndexOf(":")), outs: inputs };
  },
  async diff(_id, olds, news) {
    const changed = olds.reference !== news.reference;
    const moved = olds.target.kind !== news.target.kind || olds.target.context !== news.target.context;
    if (changed || moved) return { changes: true, replaces: moved ? ["target"] : [] };
    const { pathToFileURL } = await import("node:url");
    const presence = await import(pathToFileURL(`${process.cwd()}/components/node/presence.ts`).href);
    const nodes = await presence.findNodes(news.target);
    const lacking = await presence.nodesWithout(news.reference, nodes);
    return { changes: lacking.length > 0 };
  },
  async update(_id, _olds, news) {
    const { pathToFileURL } = await import("node:url");
    const presence = await import(pathToFileURL(`${process.cwd()}/components/node/presence.ts`).href);
    await presence.ensureOnNodes(news.target, news.reference);
    return { outs: news };
  },
  async delete(_id, props) {
    const { pathToFileURL } = await import("node:url");
    const presence = await import(pathToFileURL(`${process.cwd()}/components/node/presence.ts`).href);
    await presence.removeFromNodes(props.target, props.reference);
  },
};

/** What an image on a cluster's nodes is made of. */
export interface NodeImageArgs {
  readonly target: pulumi.Input<NodeTarget>;
  readonly reference: pulumi.Input<string>;
}

/**
 * An image in the store of every node of a cluster on this machine. A new reference is an update that keeps the old
 * image, so that a rollback finds it; removing the resource removes every tag of the repository.
 */
export class NodeImage extends pulumi.dynamic.Resource {
  /** Name and tag, once the image is on the nodes. */
  declare readonly reference: pulumi.Output<string>;

  constructor(name: string, args: NodeImageArgs, opts?: pulumi.CustomResourceOptions) {
    super(provider, name, { ...args }, opts, "todo-stack", "NodeImage");
  }
}
