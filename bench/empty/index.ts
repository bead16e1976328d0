import { Provider as Docker } from "@pulumi/docker/provider.js";
import { Provider as Kubernetes } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { Provider as Random } from "@pulumi/random/provider.js";

/** The smallest resource of the provider that runs in Node. */
class Nothing extends pulumi.dynamic.Resource {
  constructor() {
    super({ create: async () => ({ id: "nothing", outs: {} }) }, "nothing", {});
  }
}

new Docker("docker");
new Kubernetes("kubernetes");
new Random("random");
new Nothing();
