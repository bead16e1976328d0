import type { Machine } from "../commands/support/machine.ts";
import { isKagentRelease } from "../components/kagent/charts.ts";
import { fieldsOf, type Manifest } from "./manifest.ts";
import type { Properties } from "./properties.ts";
import { isOwnChart, type Rendering, renderRelease } from "./release.ts";
import type { Origin, Violation } from "./rule.ts";
import { encryptedValues, plainSecrets, secretsInValues, unencrypted } from "./rules/plainSecrets.ts";
import { replicas } from "./rules/replicas.ts";
import { rules } from "./rules.ts";

/** One resource of the program. */
export interface Checked extends Properties {
  /** `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
}

/** The stack that a check is for. */
export type Stack = Omit<Origin, "ownChart">;

/** Violations by the names of the rules; a name that does not occur is a rule that has nothing to say. */
export type Findings = ReadonlyMap<string, readonly Violation[]>;

/** The name of what is reported where a release cannot be looked into. */
export const unreadable = "readable-release";

const releaseType = "kubernetes:helm.sh/v3:Release";

/** Holds all rules against one resource: an object of Kubernetes, or a Helm release with all that it renders. */
export async function checkResource(machine: Machine, stack: Stack, resource: Checked): Promise<Findings> {
  if (resource.type === releaseType) return checkRelease(machine, stack, resource);
  const object = objectOf(resource);
  if (object === undefined) return new Map();
  const origin = { ...stack, ownChart: false };
  // Whether one replica is scaled by somebody else, only all resources together tell.
  const found = new Map(
    rules.filter((rule) => rule !== replicas).map((rule) => [rule.name, rule.check([object], origin)]),
  );
  if (object.kind !== "Secret") return found;
  return found.set(plainSecrets.name, unencrypted(object, resource.encrypted));
}

/** Holds against all resources together what none of them tells alone. */
export function checkTogether(stack: Stack, resources: readonly Checked[]): Findings {
  const objects = resources.filter(({ type }) => type !== releaseType).flatMap((resource) => objectOf(resource) ?? []);
  return new Map([[replicas.name, replicas.check(objects, { ...stack, ownChart: false })]]);
}

async function checkRelease(machine: Machine, stack: Stack, { plain, encrypted }: Checked): Promise<Findings> {
  const where = `Release ${fieldsOf(plain).name}`;
  const secrets = [
    ...secretsInValues(fieldsOf(plain).values, where, stack),
    ...encryptedValues(encrypted, where, stack.stack),
  ];
  // kagent's objects are its own matter: docs/policy.md. What this program gives it is not.
  if (isKagentRelease(fieldsOf(plain))) return new Map([[plainSecrets.name, secrets]]);
  const rendering: Rendering = await renderRelease(machine, plain);
  if ("obstacle" in rendering)
    return new Map([
      [unreadable, [rendering.obstacle]],
      [plainSecrets.name, secrets],
    ]);
  const origin = { ...stack, ownChart: isOwnChart(machine, plain) };
  const found = new Map(rules.map((rule) => [rule.name, rule.check(rendering.objects, origin)]));
  return found.set(plainSecrets.name, [...secrets, ...(found.get(plainSecrets.name) ?? [])]);
}

/** `kubernetes:apps/v1:Deployment`, and no other provider's resources; inputs may leave the kind out. */
function objectOf({ type, plain }: Checked): Manifest | undefined {
  const kind = /^kubernetes:[^:]+:(\w+)$/.exec(type)?.[1];
  if (kind === undefined) return undefined;
  const fields = fieldsOf(plain);
  return { ...fields, kind: String(fields.kind ?? kind), metadata: fieldsOf(fields.metadata) };
}
