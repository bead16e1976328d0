import { type Service, services } from "../../components/image/buildImages.ts";
import { parseStackArgs, up } from "../deploy/up.ts";
import { describeError } from "../support/errors.ts";
import { withLock } from "../support/lock.ts";
import { elapsed } from "../support/log.ts";
import type { Machine } from "../support/machine.ts";
import { readLocalConfiguration } from "./configuration.ts";
import { type Edit, Lane } from "./lane.ts";
import { readVersions, type Versions, watchSources } from "./sources.ts";

/** How long an edit may take to settle, in milliseconds: editors write a file in several steps, and several files at once. */
const settleMilliseconds = 25;

/** `npm run dev`: brings the deployment up to date, and then each edit into it, until it is interrupted. */
export async function dev(args: readonly string[], machine: Machine): Promise<number> {
  const { stack } = parseStackArgs(args);
  const configuration = await readLocalConfigurationAfterUp(machine, args, stack);
  const lane = await Lane.open(configuration, machine.env);
  let deployed = await readVersions(configuration);
  const edits = new Edits();
  await watchSources(configuration, () => edits.note());
  for (const service of services) void lane.prime(service, deployed.tags[service]).catch(() => undefined);
  machine.log("Watching the sources. The deployment stays when you end this (Ctrl-C).");
  for (;;) {
    await edits.next(settleMilliseconds);
    deployed = await bringUp(machine, { args, stack, lane, deployed }).catch((error: unknown) => {
      machine.log(`${describeError(error)}\nWatching still.`);
      return deployed;
    });
  }
}

async function readLocalConfigurationAfterUp(machine: Machine, args: readonly string[], stack: string) {
  await up(args, machine);
  return readLocalConfiguration(machine, stack);
}

interface Round {
  readonly args: readonly string[];
  readonly stack: string;
  readonly lane: Lane;
  /** What runs. */
  readonly deployed: Versions;
}

/** Deploys what differs from what runs; gives back what runs then. */
async function bringUp(machine: Machine, { args, stack, lane, deployed }: Round): Promise<Versions> {
  const since = Date.now();
  const configuration = await readLocalConfiguration(machine, stack);
  const wanted = await readVersions(configuration);
  if (wanted.rest !== deployed.rest) {
    machine.log("More than sources changed: deploying all of it.");
    await up(args, machine);
    return wanted;
  }
  const edits = services.flatMap((service): Edit[] => {
    const [from, to] = [deployed.tags[service], wanted.tags[service]];
    return from === to ? [] : [{ service, from, to }];
  });
  if (edits.length === 0) return deployed;
  return withLock(machine, "dev", () => deployEdits(machine, lane, edits, wanted, since));
}

/** Deploys edited images, one beside the other; gives back what runs then: a failed one leaves the image that ran. */
async function deployEdits(
  machine: Machine,
  lane: Lane,
  edits: readonly Edit[],
  wanted: Versions,
  since: number,
): Promise<Versions> {
  const failed = new Map<Service, string>();
  const tell = async (edit: Edit): Promise<void> => {
    machine.log(`${edit.service}: ${edit.to} ...`);
    try {
      const { build, send, rollout } = await lane.deploy(edit, versionOf(edit.to));
      const parts = `build ${build.toFixed(1)} s, onto the node ${send.toFixed(1)} s, rollout ${rollout.toFixed(1)} s`;
      machine.log(`Deployed ${edit.service} (${elapsed(since)}: ${parts}).`);
    } catch (error) {
      failed.set(edit.service, edit.from);
      machine.log(`${describeError(error)}\nThe ${edit.service} that served before serves on.`);
    }
  };
  await Promise.all(edits.map(tell));
  await lane.record(edits.filter(({ service }) => !failed.has(service)));
  return { ...wanted, tags: { ...wanted.tags, ...Object.fromEntries(failed) } };
}

/** A tag is `<app version>-<content hash>`. */
function versionOf(tag: string): string {
  return tag.slice(0, tag.lastIndexOf("-"));
}

/** Events of the file system, gathered. */
class Edits {
  private noted = false;
  private wake: () => void = () => undefined;

  note(): void {
    this.noted = true;
    this.wake();
  }

  /** Waits for an event, and then until they have settled. */
  async next(milliseconds: number): Promise<void> {
    if (!this.noted) await new Promise<void>((resolve) => (this.wake = resolve));
    while (this.noted) {
      this.noted = false;
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
    }
  }
}
