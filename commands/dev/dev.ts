import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { pageUrl } from "../../components/configuration/addresses.ts";
import type { LocalConfiguration } from "../../components/configuration/configuration.ts";
import { splitArgs, up } from "../deploy/up.ts";
import { describeError } from "../support/errors.ts";
import { type Offer, offerAtInterrupt } from "../support/interrupt.ts";
import { withLock } from "../support/lock.ts";
import { elapsed } from "../support/log.ts";
import type { Machine } from "../support/machine.ts";
import { readLocalConfiguration } from "./configuration.ts";
import { type Edit, Lane } from "./lane.ts";
import { startPage } from "./page.ts";
import { readVersions, type Versions, watchSources } from "./sources.ts";

/** How long an edit may take to settle, in milliseconds: editors write a file in several steps, and several files at once. */
const settleMilliseconds = 25;

/** How long Ctrl-C's offer to take the deployment down stands, in milliseconds. */
const offerMilliseconds = 5000;

/** What a person wants of `npm run dev`. */
interface Wanted {
  readonly stack: string;
  /** The arguments that `up` gets. */
  readonly upArgs: readonly string[];
  /** No logs and no pods. */
  readonly quiet: boolean;
  /** The page by its own development server; edits of it are deployed by the next `up`. */
  readonly page: boolean;
}

/** `npm run dev`: brings the deployment up to date, and then each edit into it, until it is interrupted. */
export async function dev(args: readonly string[], machine: Machine): Promise<number> {
  const wanted = parseDevArgs(args);
  const { stack } = wanted;
  const configuration = await readLocalConfigurationAfterUp(machine, wanted);
  const lane = await Lane.open(configuration, machine.env);
  if (machine.interactive) offerAtInterrupt(takingDown(machine, stack));
  const page = wanted.page ? await startPage(machine, pageUrl(configuration)) : undefined;
  if (!wanted.quiet) void lane.keepCompany({ say: machine.log, colours: machine.colours });
  let deployed = await readVersions(configuration);
  const edits = new Edits();
  await watchSources(configuration, () => edits.note());
  const watched = Object.keys(deployed.plans).filter((service) => page === undefined || service !== "frontend");
  for (const plan of Object.values(deployed.plans)) void lane.prime(plan).catch(() => undefined);
  machine.log(`Watching the sources of ${pageUrl(configuration)} - the deployment stays when you end this (Ctrl-C).`);
  if (page !== undefined) machine.log(`The page as you edit it: ${page} (not the image; npm run up deploys that)`);
  for (;;) {
    await edits.next(settleMilliseconds);
    deployed = await bringUp(machine, { wanted, watched, lane, deployed }).catch((error: unknown) => {
      machine.log(`${describeError(error)}\nWatching still.`);
      return deployed;
    });
  }
}

function parseDevArgs(args: readonly string[]): Wanted {
  const { own, extra } = splitArgs(args);
  const flag = { type: "boolean", default: false } as const;
  const stackOption = { type: "string", short: "s", default: "local" } as const;
  const { values } = parseArgs({ args: own, options: { stack: stackOption, quiet: flag, page: flag } });
  const { stack, quiet, page } = values;
  const upArgs = ["--stack", stack, ...(extra.length === 0 ? [] : ["--", ...extra])];
  return { stack, upArgs, quiet, page };
}

/** Another process does it: this one has been interrupted, and begins nothing new. */
function takingDown(machine: Machine, stack: string): Offer {
  const command = join(machine.root, "commands", "bootstrap.mjs");
  const act = () => spawnSync(process.execPath, [command, "down", "--stack", stack, "--yes"], { stdio: "inherit" });
  const seconds = offerMilliseconds / 1000;
  const text = `The deployment stays. To take it down with its data, press Ctrl-C once more within ${seconds} s.`;
  return { text, milliseconds: offerMilliseconds, act: () => void act() };
}

async function readLocalConfigurationAfterUp(machine: Machine, { upArgs, stack }: Wanted) {
  await up(upArgs, machine);
  return readLocalConfiguration(machine, stack);
}

interface Round {
  readonly wanted: Wanted;
  /** The services whose edits are deployed. */
  readonly watched: readonly string[];
  readonly lane: Lane;
  /** What runs. */
  readonly deployed: Versions;
}

/** Deploys what differs from what runs; gives back what runs then. */
async function bringUp(
  machine: Machine,
  { wanted: { upArgs, stack }, watched, lane, deployed }: Round,
): Promise<Versions> {
  const since = Date.now();
  const configuration = await readLocalConfiguration(machine, stack);
  const wanted = await readVersions(configuration);
  const edits = editsOf(watched, deployed, wanted);
  const isShared = edits.some(({ service }) => sharesImage(configuration, service));
  if (isShared || wanted.rest !== deployed.rest) {
    machine.log(
      isShared
        ? "Not one Deployment alone has this image: deploying all of it."
        : "More than sources changed: deploying all of it.",
    );
    await up(upArgs, machine);
    return wanted;
  }
  if (edits.length === 0) return deployed;
  return withLock(machine, "dev", () => deployEdits(machine, lane, edits, wanted, since));
}

function editsOf(watched: readonly string[], deployed: Versions, wanted: Versions): Edit[] {
  return watched.flatMap((service) => {
    const [from, to, plan] = [deployed.tags[service], wanted.tags[service], wanted.plans[service]];
    return from === undefined || to === undefined || plan === undefined || from === to
      ? []
      : [{ service, plan, from, to }];
  });
}

/** Whether more than one Deployment has this image, or none, as of a job: the lane sets the image of one. */
function sharesImage({ services }: LocalConfiguration, component: string): boolean {
  const isJob = services[component]?.schedule !== undefined;
  return isJob || Object.values(services).some(({ image }) => image === component);
}

/** Deploys edited images, one beside the other; gives back what runs then: a failed one leaves the image that ran. */
async function deployEdits(
  machine: Machine,
  lane: Lane,
  edits: readonly Edit[],
  wanted: Versions,
  since: number,
): Promise<Versions> {
  const failed = new Map<string, string>();
  const tell = async (edit: Edit): Promise<void> => {
    machine.log(`${edit.service}: ${edit.to} ...`);
    try {
      const { build, send, rollout } = await lane.deploy(edit);
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
