import { isDeepStrictEqual } from "node:util";
import type { AskedResource } from "../../../sandbox/runner/mocks.ts";
import type { ResourceFields } from "../../../sandbox/runner/types.ts";
import { checkedInputs } from "./checkedInputs.ts";
import { Doubt } from "./doubt.ts";
import type { KeptResource, StackState } from "./stackState.ts";

/** What looks, and who is told. */
export interface Eyes {
  /** Looks at a resource where it is, and rejects where it is not as it should be. */
  readonly look: (kept: KeptResource) => Promise<void>;
  /** Takes each thing that speaks against an unchanged stack, before the end tells the first of them. */
  readonly doubts: (why: unknown) => void;
}

/**
 * What the engine compares: each resource that the program asks for with what the state keeps of it. Whoever asks gets the
 * kept outputs, as of the engine where nothing changed. What speaks against that is told at the end: a program that was
 * stopped halfway would complain of it.
 */
export class EngineView {
  private readonly kept: ReadonlyMap<string, KeptResource>;
  private readonly asked = new Set<string>();
  private readonly looks: Promise<void>[] = [];
  private readonly eyes: Eyes;

  constructor(state: StackState, eyes: Eyes) {
    this.kept = new Map(state.resources.map((resource) => [resource.urn, resource]));
    this.eyes = eyes;
  }

  /** Answers the program as the engine does. */
  async answer(asked: AskedResource): Promise<{ id: string; state: ResourceFields }> {
    const kept = this.kept.get(asked.urn);
    this.asked.add(asked.urn);
    if (asked.custom || kept === undefined) this.remember(this.compare(asked, kept));
    return asked.custom && kept !== undefined
      ? { id: kept.id, state: kept.outputs }
      : { id: asked.name, state: asked.inputs };
  }

  /**
   * Waits for all that is looked at, when the program has asked for all that it wants.
   *
   * @param outputs - The program's outputs.
   * @param values - The configuration, which is the input of the provider that runs in Node.
   * @throws Doubt where the engine would have something to do.
   */
  async finish(outputs: ResourceFields, values: Readonly<Record<string, string>>): Promise<void> {
    await Promise.all(this.looks);
    const used = new Set([...this.asked].map((urn) => providerUrn(this.kept.get(urn))));
    for (const resource of this.kept.values()) {
      if (this.asked.has(resource.urn)) continue;
      if (resource.type === "pulumi:pulumi:Stack") checkOutputs(resource, outputs);
      else if (used.has(resource.urn)) checkDefaultProvider(resource, values);
      else throw new Doubt(`${resource.urn} is not asked for any more`);
    }
  }

  /** Waited for at the end. */
  private remember(look: Promise<void>): void {
    look.catch(this.eyes.doubts);
    this.looks.push(look);
  }

  private async compare(asked: AskedResource, kept: KeptResource | undefined): Promise<void> {
    if (kept === undefined) throw new Doubt(`${asked.urn} is new`);
    this.checkProvider(asked, kept);
    const wanted = await checkedInputs(asked, kept.inputs);
    const fields = [...new Set([...Object.keys(wanted), ...Object.keys(kept.inputs)])];
    const differing = fields.filter((field) => !isDeepStrictEqual(wanted[field], kept.inputs[field]));
    if (differing.length > 0) throw new Doubt(`${asked.urn} is asked for otherwise: ${differing.join(", ")}`);
    await this.eyes.look(kept);
  }

  /** The engine makes a default provider for each version of an SDK, and names it so. */
  private checkProvider({ urn, version, type }: AskedResource, kept: KeptResource): void {
    if (type.startsWith("pulumi:providers:")) return;
    const name = providerUrn(kept).split("::").at(-1) ?? "";
    const made = this.kept.get(providerUrn(kept));
    const other = name.startsWith("default_") && name !== `default_${version.replaceAll(/[^\w]/g, "_")}`;
    if (made === undefined || other || kept.provider !== `${made.urn}::${made.id}`)
      throw new Doubt(`${urn} has another provider`);
  }
}

function providerUrn(kept: KeptResource | undefined): string {
  return (kept?.provider ?? "").split("::").slice(0, -1).join("::");
}

function checkOutputs({ outputs: kept }: KeptResource, outputs: ResourceFields): void {
  if (!isDeepStrictEqual(outputs, kept)) throw new Doubt("the stack's outputs differ");
}

/** A default provider's inputs are its version alone, and Node's are the whole configuration. */
function checkDefaultProvider({ urn, inputs }: KeptResource, values: Readonly<Record<string, string>>): void {
  const { version: _version, __internal, ...configured } = inputs;
  const wanted = urn.includes("::pulumi:providers:pulumi-nodejs::") ? values : {};
  if (!isDeepStrictEqual(parsed(configured), parsed(wanted))) throw new Doubt(`${urn} is configured otherwise`);
}

/** Objects stand as JSON, whose order and blanks mean nothing. */
function parsed(values: ResourceFields): ResourceFields {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, asJson(String(value))]));
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
