import type { ResourceFields, ResourceStep } from "../../../sandbox/runner/types.ts";
import { SECRET } from "./secrets.ts";

/** One line of the CLI's event log, as far as it is read here: pulumi/pulumi, sdk/go/common/apitype/events.go. */
interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: StepMetadata };
}

interface StepMetadata {
  readonly op: string;
  readonly type: string;
  readonly old?: { readonly inputs?: ResourceFields } | null;
  readonly new?: { readonly inputs?: ResourceFields } | null;
  readonly diffs?: readonly string[] | null;
}

/** Operations that leave a resource there, as `new` says; pulumi/pulumi, pkg/resource/deploy/step.go. */
const keeping = ["same", "create", "update", "create-replacement", "import", "import-replacement"];

/** Operations that take one away, as `old` says. A `replace` itself only announces the two. */
const removing = ["delete", "delete-replaced"];

/** How Pulumi marks a secret on the wire: pulumi/pulumi, sdk/go/common/resource/sig/sig.go. */
const secretMark = ["4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"] as const;

/**
 * The steps of a preview, from the event log of the Pulumi CLI.
 *
 * @param log - Events as JSON, one a line.
 */
export function readSteps(log: string): ResourceStep[] {
  const lines = log.split("\n").filter((line) => line.trim() !== "");
  return lines.flatMap((line) => {
    const event = JSON.parse(line) as EngineEvent;
    return event.resourcePreEvent === undefined ? [] : stepOf(event.resourcePreEvent.metadata);
  });
}

/** A step may stand for nothing: a refresh, or one half of a replacement. */
function stepOf({ op, type, old, new: wanted, diffs }: StepMetadata): ResourceStep[] {
  const changed = diffs ?? [];
  const before = unmarked(old?.inputs);
  const after = unmarked(wanted?.inputs);
  if (removing.includes(op)) return [{ type, before, after: undefined, changed }];
  if (!keeping.includes(op)) return [];
  // The old one of a replacement has a step of its own.
  const replaces = op.endsWith("-replacement") || op === "create";
  return [{ type, before: replaces ? undefined : before, after, changed }];
}

function unmarked(inputs: ResourceFields | undefined): ResourceFields | undefined {
  return inputs === undefined ? undefined : (withoutMarks(inputs) as ResourceFields);
}

/** The log holds no secret, but `[secret]` inside of Pulumi's mark. */
function withoutMarks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMarks);
  if (typeof value !== "object" || value === null) return value;
  const fields = value as ResourceFields;
  const [key, signature] = secretMark;
  if (fields[key] === signature) return SECRET;
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, withoutMarks(field)]));
}
