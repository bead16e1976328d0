import type { KubernetesObject } from "../../../components/cluster/api.ts";
import type { ResourceFields, ResourceStep } from "../../../sandbox/runner/types.ts";
import { CHANGED_SECRET, noteChangedSecrets } from "./secrets.ts";

/** What the next update would give to Helm. */
export interface PlannedRelease {
  readonly name: string;
  readonly namespace: string;
  /** The chart's folder. */
  readonly chart: string;
  readonly values: ResourceFields;
  /** Where the release has been so far. */
  readonly from: { readonly releaseName: string; readonly namespace: string };
}

/** What a preview says of the cluster. */
export interface Plan {
  readonly release: PlannedRelease | undefined;
  /** What becomes of releases whose charts are in a registry, which is not asked here: one line each. */
  readonly remote: readonly string[];
  /** The objects that the program itself makes, as they are by its state and as they would be. */
  readonly before: readonly KubernetesObject[];
  readonly after: readonly KubernetesObject[];
  /** Names that are drawn anew by each run: what they begin with. */
  readonly drawnNames: ReadonlyMap<string, string>;
}

const releaseType = "kubernetes:helm.sh/v3:Release";

/** `kubernetes:core/v1:Secret`, and no other provider's resources. */
const objectType = /^kubernetes:[^:]+:[^:]+$/;

/** Finds in the steps of a preview what concerns the cluster. */
export function planOf(steps: readonly ResourceStep[]): Plan {
  const all = steps.filter(({ type }) => type === releaseType);
  const [remote, releases] = [all.filter(isRemote), all.filter((step) => !isRemote(step))];
  const objects = steps.filter(({ type }) => objectType.test(type) && type !== releaseType);
  return {
    release: releaseOf(releases),
    remote: remote.flatMap(tellRemote),
    before: objects.flatMap(({ before }) => objectOf(before)),
    after: objects.flatMap((step) => objectOf(withNotedChange(step))),
    drawnNames: new Map(objects.flatMap(drawnName)),
  };
}

function isRemote({ before, after }: ResourceStep): boolean {
  return String((after ?? before)?.chart).startsWith("oci://");
}

function tellRemote({ before, after, changed }: ResourceStep): string[] {
  const { namespace, name, chart, version } = after ?? before ?? {};
  const would = after === undefined ? "removed" : before === undefined ? "installed" : "upgraded";
  if (would === "upgraded" && changed.length === 0) return [];
  return [`Release ${namespace}/${name} would be ${would}: ${chart} ${version}, whose objects are not shown here.`];
}

function releaseOf(steps: readonly ResourceStep[]): PlannedRelease | undefined {
  const inputs = steps.findLast(({ after }) => after !== undefined)?.after;
  if (inputs === undefined) return undefined;
  const before = steps.findLast((step) => step.before !== undefined)?.before ?? inputs;
  const { name, namespace, chart } = inputs as { name: string; namespace: string; chart: string };
  return {
    ...{ name, namespace, chart },
    values: noteChangedSecrets(inputs.values ?? {}, before.values) as ResourceFields,
    from: { releaseName: String(before.name), namespace: String(before.namespace) },
  };
}

function objectOf(inputs: ResourceFields | undefined): KubernetesObject[] {
  return inputs === undefined ? [] : [inputs as unknown as KubernetesObject];
}

/** Whether a secret has changed is not in its masked value, but the engine's comparison names the field. */
function withNotedChange({ after, changed }: ResourceStep): ResourceFields | undefined {
  if (after === undefined) return undefined;
  const noted = ["data", "stringData"].filter((field) => typeof after[field] === "string" && changed.includes(field));
  return { ...after, ...Object.fromEntries(noted.map((field) => [field, CHANGED_SECRET])) };
}

/** The provider's own mark of a name that it has drawn: pulumi-kubernetes, provider/pkg/metadata/naming.go. */
const drawnMark = "pulumi.com/autonamed";

function drawnName({ before, after }: ResourceStep): [string, string][] {
  if (after === undefined || before !== undefined) return [];
  const { name, annotations } = objectOf(after)[0]?.metadata ?? { name: "" };
  return annotations?.[drawnMark] === "true" ? [[name, name.replace(/-[0-9a-f]+$/, "")]] : [];
}
