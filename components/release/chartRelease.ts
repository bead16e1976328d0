import { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import * as pulumi from "@pulumi/pulumi";
import type { ChartValues } from "../configuration/configuration.ts";
import { chartFolder } from "./chart.ts";

/** What the release is made of. */
export interface ChartReleaseArgs {
  readonly releaseName: string;
  readonly namespace: pulumi.Input<string>;
  readonly values: pulumi.Input<ChartValues>;
  /** The hash over the chart's folder. */
  readonly chartHash: string;
  /** How long a rollout may take, in seconds. */
  readonly timeoutSeconds: number;
}

/** Revisions that `helm rollback` can go back to; Helm's own default keeps all of them for ever in the provider. */
const keptRevisions = 10;

/** Digits of the chart's hash that are shown. */
const shownDigits = 12;

/** The Helm release: one, atomic, and over within the timeout. */
export class ChartRelease extends pulumi.ComponentResource {
  /** The revision that is deployed. */
  readonly revision: pulumi.Output<number>;

  constructor(name: string, args: ChartReleaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("todo-stack:release:ChartRelease", name, {}, opts);
    const release = new Release(
      name,
      {
        chart: chartFolder,
        name: args.releaseName,
        namespace: args.namespace,
        values: args.values,
        // The provider compares inputs and the chart's version alone; the description makes an edited template one of
        // them, and tells `helm history` which chart a revision came from. It reaches no pod.
        description: `chart ${args.chartHash.slice(0, shownDigits)}`,
        atomic: true,
        cleanupOnFail: true,
        timeout: args.timeoutSeconds,
        maxHistory: keptRevisions,
      },
      // A component's own dependencies hold back none of its children.
      { parent: this, ...(opts?.dependsOn === undefined ? {} : { dependsOn: opts.dependsOn }) },
    );
    this.revision = release.status.revision;
    this.registerOutputs({ revision: this.revision });
  }
}
