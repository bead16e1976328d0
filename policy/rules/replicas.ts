import { fieldsOf, type Manifest, placeOf, UNKNOWN } from "../manifest.ts";
import { mendBySetting, type Origin, type Rule, type Violation } from "../rule.ts";

/** What runs in replicas that stand in for each other. */
const workloads = ["Deployment", "StatefulSet", "ReplicaSet"];

/** More than one of everything that serves. */
export const replicas: Rule = {
  name: "several-replicas",
  description: "One replica is an outage whenever its node goes, and whenever its pod is moved.",
  check: (objects, origin) => {
    const scalers = objects.filter(({ kind }) => kind === "HorizontalPodAutoscaler");
    const scaled = new Set(scalers.map(targetOf));
    const fixed = objects.filter((object) => workloads.includes(object.kind) && !scaled.has(nameOf(object)));
    return [
      ...fixed.flatMap((object) => tooFew(object, origin, ["replicas", "replicaCount"])),
      ...scalers.flatMap((object) => tooFew(object, origin, ["minReplicas", "autoscaling.minReplicas"])),
    ];
  },
};

/** Both fields mean one where they are not set. */
function tooFew(object: Manifest, origin: Origin, [field, value]: readonly [string, string]): Violation[] {
  const count = object.spec?.[field] ?? 1;
  if (count === UNKNOWN || Number(count) !== 1) return [];
  const remedy = mendBySetting(object, origin, [value, "2"], `${field}: 2`);
  return [{ what: `${field} is 1`, where: placeOf(object, undefined, `spec.${field}`), remedy }];
}

function targetOf({ spec, metadata }: Manifest): string {
  const { kind, name } = fieldsOf(spec?.scaleTargetRef);
  return `${kind} ${metadata.namespace ?? ""}/${name}`;
}

function nameOf({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
}
