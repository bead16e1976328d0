import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { renderChart } from "../commands/deploy/manifestDiff/renderChart.ts";
import type { Machine } from "../commands/support/machine.ts";
import { ensureTool } from "../commands/tools/install.ts";
import { chartFolder } from "../components/release/chart.ts";
import type { ResourceFields } from "../sandbox/runner/types.ts";
import { fieldsOf, type Manifest } from "./manifest.ts";
import type { Violation } from "./rule.ts";

/** What a release would put into the cluster, or why that cannot be told. */
export type Rendering = { readonly objects: readonly Manifest[] } | { readonly obstacle: Violation };

/**
 * Renders the chart of a Helm release with the values that it would get, hooks included. No cluster is asked: what is
 * refused must not depend on what answers.
 *
 * @param inputs - The inputs of the Pulumi resource, in plain.
 */
export async function renderRelease(machine: Machine, inputs: unknown): Promise<Rendering> {
  const { name, namespace, chart, values } = fieldsOf(inputs);
  const release = { name: String(name), namespace: String(namespace), chart: String(chart) };
  const where = `Release ${release.name}`;
  if (!existsSync(join(resolve(machine.root, release.chart), "Chart.yaml"))) {
    return {
      obstacle: {
        what: `its chart "${release.chart}" is no folder here, and is not looked into`,
        where,
        remedy: vendoring(release.chart),
      },
    };
  }
  const helm = await ensureTool(machine, "helm3").catch(() => undefined);
  if (helm === undefined) {
    return { obstacle: { what: "without Helm 3 nothing can be told of its objects", where, remedy: bringing } };
  }
  try {
    const planned = { ...release, values: fieldsOf(values) as ResourceFields };
    const rendered = await renderChart(machine, planned, { helm, context: undefined, isUpgrade: false, hooks: true });
    return { objects: rendered.map(inNamespace(release.namespace)) };
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return { obstacle: { what, where, remedy: `helm lint --strict ${release.chart}` } };
  }
}

/** Whether a release is of this project's chart, whose values the stack sets. */
export function isOwnChart(machine: Machine, inputs: unknown): boolean {
  return resolve(machine.root, String(fieldsOf(inputs).chart)) === resolve(machine.root, chartFolder);
}

const bringing =
  "npm run preview -- --stack prod   (it brings Helm; or install it: https://helm.sh/docs/intro/install/)";

const vendoring = (chart: string): string =>
  `helm pull ${chart} --untar --untardir charts   # and name that folder as the release's chart`;

/** Charts leave the namespace to Helm. */
function inNamespace(namespace: string): (object: object) => Manifest {
  return (object) => {
    const manifest = object as Manifest;
    return { ...manifest, metadata: { namespace, ...manifest.metadata } };
  };
}
