import { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import * as pulumi from "@pulumi/pulumi";
import type { ChartValues } from "../configuration/configuration.ts";
import { chartFolder } from "./chart.ts";

/** What the release is made of. */
export interface ChartReleaseArgs {
  readonly releaseName: string;
  readonly namespace: pulumi.Input<string>;
  readonly values: pulumi.Input<ChartValues>;
  /** Tells the chart's content, and whether the release must be repaired; from `describeNext`. */
  readonly description: pulumi.Input<string>;
  /** What happens around an update. */
  readonly hooks: pulumi.ResourceHookBinding;
  /** How long a rollout may take, in seconds. */
  readonly timeoutSeconds: number;
}

/** Revisions that `helm rollback` can go back to; Helm's own default keeps all of them for ever in the provider. */
const keptRevisions = 10;

/** The Helm release: one, atomic, and over within the timeout. */
export class ChartRelease extends pulumi.ComponentResource {
  /** The revision that is deployed. */
  readonly revision: pulumi.Output<number>;

  constructor(name: string, args: ChartReleaseArgs, opts?: pulumi.ComponentResourceOptions) {
    const { dependsOn, ...others } = opts ?? {};
    super("todo-stack:release:ChartRelease", name, {}, others);
    const release = new Release(
      name,
      {
        chart: chartFolder,
        name: args.releaseName,
        namespace: args.namespace,
        values: args.values,
        description: args.description,
        atomic: true,
        cleanupOnFail: true,
        timeout: args.timeoutSeconds,
        maxHistory: keptRevisions,
      },
      // A component's own dependencies would hold back the component alone, and the release would have to wait for that too.
      { parent: this, hooks: args.hooks, ...(dependsOn === undefined ? {} : { dependsOn }) },
    );
    this.revision = release.status.revision;
    this.registerOutputs({ revision: this.revision });
  }
}
