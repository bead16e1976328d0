import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import * as pulumi from "@pulumi/pulumi";
import type { RegistryLogin } from "../configuration/configuration.ts";
import { imageAddress } from "../image/registry/address.ts";

/** What a pull secret is made of. */
export interface PullSecretArgs {
  readonly namespace: pulumi.Input<string>;
  /** The registry and path that images are pushed under, e.g. `ghcr.io/acme`. */
  readonly registry: string;
  readonly login: RegistryLogin;
}

/** The Kubernetes Secret that nodes log in to the registry with. Its name is Pulumi's own, as that of every other Secret. */
export class PullSecret extends pulumi.ComponentResource {
  /** The Secret's name, for the chart's `imagePullSecrets`. */
  readonly secretName: pulumi.Output<string>;

  constructor(name: string, args: PullSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("todo-stack:secret:PullSecret", name, {}, opts);
    const { namespace, registry, login } = args;
    const { loginKey } = imageAddress(`${registry}/any:any`);
    const content = login.password.apply((password) => dockerConfigJson(loginKey, login.username, password));
    const secret = new Secret(
      name,
      {
        type: "kubernetes.io/dockerconfigjson",
        metadata: { namespace },
        stringData: { ".dockerconfigjson": content },
      },
      { parent: this },
    );
    this.secretName = secret.metadata.name;
    this.registerOutputs({ secretName: this.secretName });
  }
}

/** https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/ */
function dockerConfigJson(loginKey: string, username: string, password: string): string {
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  return JSON.stringify({ auths: { [loginKey]: { username, password, auth } } });
}
