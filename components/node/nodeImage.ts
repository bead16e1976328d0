import * as pulumi from "@pulumi/pulumi";
import { ownResource } from "../provider/ownResource.ts";
import type { NodeImageInputs } from "./nodeImageHandler.ts";

/** What an image on a cluster's nodes is made of. */
export type NodeImageArgs = { readonly [Key in keyof NodeImageInputs]: pulumi.Input<NodeImageInputs[Key]> };

/**
 * An image in the store of every node of a cluster on this machine. A new reference is an update that keeps the old
 * image, so that a rollback finds it; removing the resource removes every tag of the repository.
 */
export class NodeImage extends pulumi.CustomResource {
  /** Name and tag, once the image is on the nodes. */
  declare readonly reference: pulumi.Output<string>;

  constructor(name: string, args: NodeImageArgs, opts?: pulumi.CustomResourceOptions) {
    super(ownResource("NodeImage"), name, { ...args }, opts);
  }
}
