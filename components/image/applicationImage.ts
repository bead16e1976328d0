import { Image } from "@pulumi/docker/image.js";
import * as pulumi from "@pulumi/pulumi";
import type { NodeTarget } from "../node/target.ts";
import { buildFailureHooks } from "./buildFailure.ts";
import { BuildGeneration } from "./buildGeneration.ts";
import type { ImageSource } from "./identity.ts";
import { parseReference } from "./reference.ts";

/** What an application image is made of. */
export interface ApplicationImageArgs {
  /** The name without tag, e.g. `todo-backend` or `ghcr.io/acme/todo-backend`. */
  readonly repository: string;
  /** `<app version>-<content hash>`, from `imageTag`. */
  readonly tag: string;
  readonly source: ImageSource;
  /** The cluster on this machine whose nodes get the image; without one, the image goes to a registry. */
  readonly target?: NodeTarget;
}

/** An image as the chart's values name it: in a registry by digest, on a node by tag. */
export interface DeployedImage {
  readonly repository: string;
  readonly tag: string;
  /** Wins over the tag where it is not empty. */
  readonly digest: string | pulumi.Output<string>;
}

/** One image, built from source under a tag that says what is in it. */
export class ApplicationImage extends pulumi.ComponentResource {
  /** Name and tag, known at preview. */
  readonly reference: string;
  /** The built image: its registry digest (`name@sha256:...`) where it was pushed, and else its ID. */
  readonly digest: pulumi.Output<string>;
  /** The image as the chart's values name it. */
  readonly deployed: DeployedImage;
  /** The build itself, for what must wait for it. */
  readonly image: Image;

  constructor(name: string, args: ApplicationImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("todo-stack:image:ApplicationImage", name, {}, opts);
    this.reference = `${args.repository}:${args.tag}`;
    const { target, source } = args;
    this.image = new Image(
      name,
      {
        imageName: this.reference,
        build: {
          ...source,
          args: target === undefined ? { ...source.args } : this.buildArguments(name, target, source),
        },
        skipPush: target !== undefined,
      },
      { parent: this, hooks: buildFailureHooks(name, this.reference, source) },
    );
    this.digest = this.image.repoDigest;
    const digest = target === undefined ? this.digest.apply((pushed) => parseReference(pushed).digest) : "";
    this.deployed = { repository: args.repository, tag: args.tag, digest };
    this.registerOutputs({ reference: this.reference, digest: this.digest });
  }

  /** An image that was lost is built again; no Dockerfile reads the argument, so its content and its tag are the same. */
  private buildArguments(
    name: string,
    target: NodeTarget,
    { args }: ImageSource,
  ): pulumi.Output<Record<string, string>> {
    const { generation } = new BuildGeneration(
      `${name}-build`,
      { target, reference: this.reference },
      { parent: this },
    );
    return generation.apply(
      (lost): Record<string, string> => (lost ? { ...args, BUILD_GENERATION: String(lost) } : { ...args }),
    );
  }
}
