import type { KubernetesObject } from "../../../components/cluster/api.ts";
import { parseManifest } from "../../../components/release/manifest.ts";
import { CommandError, UserError } from "../../support/errors.ts";
import type { Machine } from "../../support/machine.ts";
import { run } from "../../support/run.ts";
import { KUBERNETES_VERSION } from "../minikube.ts";
import type { PlannedRelease } from "./plan.ts";
import { isMasked } from "./secrets.ts";
import { someText, UNKNOWN } from "./values.ts";

/** Where a chart is rendered. */
export interface Rendering {
  /** The Helm 3 program. */
  readonly helm: string;
  /** The cluster that is asked for its version and its objects; absent where it does not exist yet. */
  readonly context: string | undefined;
  /** Whether the release is there already. */
  readonly isUpgrade: boolean;
  /** Whether the objects of hooks are among them. Default false: nothing of the cluster is compared with them. */
  readonly hooks?: boolean;
}

/**
 * The objects that Helm would make of a release. `helm template` and not a dry run of `helm upgrade`, which
 * refuses a release that an interrupted update has left locked.
 *
 * @throws UserError with Helm's words where the chart refuses its values.
 */
export async function renderChart(
  machine: Pick<Machine, "root" | "env">,
  release: Omit<PlannedRelease, "from">,
  { helm, context, isUpgrade, hooks = false }: Rendering,
): Promise<KubernetesObject[]> {
  const { name, chart, namespace, values } = release;
  const args = ["template", name, chart, "--namespace", namespace, "--values", "-"];
  if (!hooks) args.push("--no-hooks");
  if (isUpgrade) args.push("--is-upgrade");
  const guessed = someText(values, (text) => text.includes(UNKNOWN) || isMasked(text));
  // What stands for an unknown or a secret value fits no pattern of the schema.
  if (guessed) args.push("--skip-schema-validation");
  if (context === undefined) args.push("--kube-version", KUBERNETES_VERSION);
  else args.push("--kube-context", context, "--validate", "--dry-run=server");
  const options = { cwd: machine.root, env: machine.env, input: JSON.stringify(values) };
  try {
    return parseManifest((await run(helm, args, options)).stdout);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new UserError(
      `The chart cannot be rendered with the values that the release would get. ${error.message}`,
      guessed
        ? "Some of them are secret or not known yet, and the chart may ask for another form of those; up gives it the real ones."
        : `Mend the chart, or the values in the stack's file; the chart alone: helm lint ${chart}`,
    );
  }
}
