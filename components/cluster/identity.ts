import * as pulumi from "@pulumi/pulumi";
import { ownResource } from "../provider/ownResource.ts";
import type { IdentityInputs } from "./identityHandler.ts";

/** Which cluster a production stack is deployed to; the deployment waits for it, and stops where it is another one. */
export class ClusterIdentity extends pulumi.CustomResource {
  constructor(name: string, args: IdentityInputs, opts?: pulumi.CustomResourceOptions) {
    super(ownResource("ClusterIdentity"), name, { ...args }, opts);
  }
}
