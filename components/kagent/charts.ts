/** The folder of kagent's charts in its registry. */
const registry = "oci://ghcr.io/kagent-dev/kagent/helm";

/** Both charts have this version; 1.0 needs other custom resources, and Kubernetes 1.37: https://github.com/kagent-dev/kagent/releases */
export const kagentVersion = "0.9.12";

/** The chart with kagent's custom resource definitions, which comes first. */
export const definitionsChart = `${registry}/kagent-crds`;

/** The chart with kagent itself. */
export const kagentChart = `${registry}/kagent`;

/** Whether the inputs of a Helm release are those of kagent as this program pins it. */
export function isKagentRelease({ chart, version }: { readonly chart?: unknown; readonly version?: unknown }): boolean {
  return (chart === definitionsChart || chart === kagentChart) && version === kagentVersion;
}
