import * as pulumi from "@pulumi/pulumi";
import { ownResource } from "../provider/ownResource.ts";
import type { Publication } from "./publishedImageHandler.ts";

/** What is known of an image before it is decided whether it is built. */
export interface PublishedImageArgs {
  readonly reference: string;
  /** What the registry says: a digest, `absent`, or `unknown` where it could not be asked. */
  readonly found: pulumi.Input<string>;
}

/**
 * Decides whether an image is built and pushed: not where the registry has its tag, which names its content, whoever pushed
 * it. `docker.Image` asks no registry, and builds whatever its state does not know.
 */
export class PublishedImage extends pulumi.CustomResource {
  declare readonly builds: pulumi.Output<boolean>;
  declare readonly digest: pulumi.Output<string>;
  declare readonly generation: pulumi.Output<number>;
  declare readonly previous: pulumi.Output<string>;

  constructor(name: string, args: PublishedImageArgs, opts?: pulumi.CustomResourceOptions) {
    const decided = { builds: undefined, digest: undefined, generation: undefined, previous: undefined };
    super(ownResource("PublishedImage"), name, { ...args, ...decided }, opts);
  }

  /** What the check has decided; a preview knows it too. */
  get decision(): pulumi.Output<Omit<Publication, "reference">> {
    const { builds, digest, generation, previous } = this;
    return pulumi.output({ builds, digest, generation, previous });
  }
}
