import type { Image } from "@pulumi/docker/image.js";
import * as pulumi from "@pulumi/pulumi";
import type { NodeTarget } from "../node/target.ts";
import { buildOnNode } from "./buildOnNode.ts";
import type { ImageSource } from "./identity.ts";
import { publishImage, type Registry } from "./publishImage.ts";

/** What an application image is made of. */
export interface ApplicationImageArgs {
  /** The name without tag, e.g. `todo-backend` or `ghcr.io/acme/todo-backend`. */
  readonly repository: string;
  /** `<app version>-<content hash>`, from `imageTag`. */
  readonly tag: string;
  readonly source: ImageSource;
  /** Where the image goes: to the nodes of a cluster on this machine, or to a registry. */
  readonly to: { readonly target: NodeTarget } | { readonly registry: Registry };
}

/** An image as the chart's values name it: in a registry by digest, on a node by tag. */
export interface DeployedImage {
  readonly repository: string;
  readonly tag: string;
  /** Wins over the tag where it is not empty. */
  readonly digest: string | pulumi.Output<string>;
}

/** One image, under a tag that says what is in it. */
export class ApplicationImage extends pulumi.ComponentResource {
  /** Name and tag, known at preview. */
  readonly reference: string;
  /** The image: its registry digest (`name@sha256:...`) where it is in one, and else its ID. */
  readonly digest: pulumi.Output<string>;
  /** The image as the chart's values name it. */
  readonly deployed: DeployedImage;
  /** What must be there before the image is on this machine's engine. */
  readonly builds: readonly Image[];
  /** What asks the engine and the nodes before anything is built. */
  readonly questions: readonly pulumi.Resource[];

  constructor(name: string, args: ApplicationImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("todo-stack:image:ApplicationImage", name, {}, opts);
    const { repository, tag, source, to } = args;
    this.reference = `${repository}:${tag}`;
    if ("target" in to) {
      const { image, question } = buildOnNode(name, { reference: this.reference, source, target: to.target }, this);
      this.builds = [image];
      this.questions = [question];
      this.digest = image.repoDigest;
      this.deployed = { repository, tag, digest: "" };
    } else {
      const digest = publishImage(name, { reference: this.reference, source, registry: to.registry }, this);
      this.builds = [];
      this.questions = [];
      this.digest = pulumi.interpolate`${repository}@${digest}`;
      this.deployed = { repository, tag, digest };
    }
    this.registerOutputs({ reference: this.reference, digest: this.digest });
  }
}
