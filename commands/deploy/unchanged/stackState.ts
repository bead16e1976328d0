import { readFile } from "node:fs/promises";
import type { ResourceFields } from "../../../sandbox/runner/types.ts";
import type { Machine } from "../../support/machine.ts";
import { checkpointFile, ownBackend } from "../pulumi.ts";
import { findLocks } from "../staleLock.ts";
import { Doubt } from "./doubt.ts";
import { readKey, type Unseal } from "./passphrase.ts";

/** A resource as the last update left it; secrets are in plain. */
export interface KeptResource {
  readonly urn: string;
  readonly type: string;
  readonly id: string;
  readonly inputs: ResourceFields;
  readonly outputs: ResourceFields;
  /** `<URN of the provider>::<its ID>`; empty for components. */
  readonly provider: string;
}

/** What the last update of a stack left. */
export interface StackState {
  readonly resources: readonly KeptResource[];
  /** The salt of its secrets; a stack file with secrets of its own names the same. */
  readonly salt: string;
  readonly unseal: Unseal;
}

/** A backend's file of one stack: pulumi/pulumi, sdk/go/common/apitype/core.go, CheckpointV3 and DeploymentV3. */
interface Checkpoint {
  readonly checkpoint?: {
    readonly latest?: {
      readonly secrets_providers?: { readonly type?: string; readonly state?: { readonly salt?: string } };
      readonly resources?: readonly StoredResource[];
      readonly pending_operations?: readonly unknown[];
    };
  };
}

interface StoredResource extends Partial<Omit<KeptResource, "urn" | "type">> {
  readonly urn: string;
  readonly type: string;
  readonly initErrors?: readonly string[];
  readonly delete?: boolean;
  readonly pendingReplacement?: boolean;
  readonly taint?: boolean;
}

/** How Pulumi marks a secret: pulumi/pulumi, sdk/go/common/resource/sig/sig.go. */
const secretMark = ["4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"] as const;

/**
 * Reads the state of a stack from a backend in files, the one that the commands choose where nobody else chose one.
 *
 * @throws Doubt where another update is at work, the last one was cut off, or the state is kept in another way.
 */
export async function readStackState(machine: Machine, project: string, stack: string): Promise<StackState> {
  const backend = machine.env.PULUMI_BACKEND_URL ?? `file://${ownBackend(machine)}`;
  const file = checkpointFile(backend, project, stack);
  if (file === undefined) throw new Doubt("the state is on a server, and only the CLI asks it");
  if ((await findLocks(backend, stack)).length > 0) throw new Doubt("the state is locked");
  const { checkpoint } = JSON.parse(await readFile(file, "utf8")) as Checkpoint;
  const { secrets_providers: secrets, resources = [], pending_operations: pending = [] } = checkpoint?.latest ?? {};
  if (pending.length > 0) throw new Doubt("the last update was cut off");
  const unfinished = resources.find((it) => it.delete || it.pendingReplacement || it.taint || it.initErrors?.length);
  if (unfinished !== undefined) throw new Doubt(`${unfinished.urn} is not finished`);
  const salt = secrets?.state?.salt;
  if (secrets?.type !== "passphrase" || salt === undefined) throw new Doubt("the secrets are sealed by a service");
  const unseal = await readKey(machine, salt);
  return { resources: resources.map((resource) => opened(resource, unseal)), salt, unseal };
}

function opened({ urn, type, id = "", inputs = {}, outputs = {}, provider = "" }: StoredResource, unseal: Unseal) {
  const open = (fields: ResourceFields) => unsealed(fields, unseal) as ResourceFields;
  return { urn, type, id, inputs: open(inputs), outputs: open(outputs), provider };
}

function unsealed(value: unknown, unseal: Unseal): unknown {
  if (Array.isArray(value)) return value.map((entry) => unsealed(entry, unseal));
  if (typeof value !== "object" || value === null) return value;
  const fields = value as ResourceFields;
  if (fields[secretMark[0]] !== secretMark[1])
    return Object.fromEntries(Object.entries(fields).map(([key, entry]) => [key, unsealed(entry, unseal)]));
  return unsealed(JSON.parse(unseal(String(fields.ciphertext))), unseal);
}
