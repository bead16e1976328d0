import { useKnownClient } from "../../machine/engine.ts";
import type { Machine } from "../../support/machine.ts";
import { placeInSandbox, type ReadyCluster, sandboxKubeconfig } from "../cluster.ts";
import type { Ground } from "../ground.ts";
import { runnerOptions } from "../programs.ts";
import { type DeploymentRecord, readRecord } from "../record.ts";
import { readSettings, type StackSettings, writeEffectiveStack } from "../settings.ts";
import { decideWay, type Way } from "../way.ts";
import { Doubt } from "./doubt.ts";
import { wasEdited } from "./edits.ts";
import { lookAtMachine } from "./standing.ts";
import { lookUnderPulumi } from "./underPulumi.ts";
import { lookUnderRunner } from "./underRunner.ts";

/** A deployment that is as an update would leave it. */
export interface Unchanged {
  readonly way: Way;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** What a look has found. */
export interface Found {
  readonly unchanged?: Unchanged;
  /** All that comes before the program, where the look has seen it done: an update need not ask for it again. */
  readonly ground?: Ground;
}

/** How long the look may take, in milliseconds; on a busy machine it takes several times the second of a quiet one. */
const patience = 15_000;

/**
 * Looks whether an update would change anything, by asking the engine, the cluster and the state all at once, and changing
 * none of them. It believes nothing that it has not asked, and whatever is not a plain yes is left to the update itself,
 * which also says what is wrong.
 *
 * @param doubts - Takes why there was no plain yes.
 */
export async function findUnchanged(
  machine: Machine,
  stack: string,
  doubts: (why: unknown) => void = () => undefined,
): Promise<Found> {
  const { PATH, KUBECONFIG, DOCKER_BUILDKIT, PULUMI_CONFIG_SECRET_KEYS } = machine.env;
  const clock = Promise.withResolvers<never>();
  const timer = setTimeout(() => clock.reject(new Doubt("it takes too long")), patience);
  const inTime = <T>(asked: Promise<T>): Promise<T> => Promise.race([asked, clock.promise]);
  let looks: Looks | undefined;
  try {
    looks = await inTime(startLooks(machine, stack));
    const [outputs, { way }] = await inTime(Promise.race([Promise.all([looks.program, looks.ground]), looks.doubted]));
    return { unchanged: { way, outputs } };
  } catch (why) {
    doubts(why);
    const ground = looks && (await inTime(groundOf(looks)).catch(() => undefined));
    restore(machine.env, { PULUMI_CONFIG_SECRET_KEYS });
    if (ground !== undefined) return { ground };
    restore(machine.env, { PATH, KUBECONFIG, DOCKER_BUILDKIT });
    return {};
  } finally {
    clearTimeout(timer);
  }
}

/** What the looks have seen of the ground, when an update may begin. */
async function groundOf({ ground, program }: Looks): Promise<Ground | undefined> {
  const seen = await ground.catch(() => undefined);
  // A second program in this process would meet the first one's mocks; the CLI brings a process of its own.
  if (seen?.way.program !== "pulumi") await program.catch(() => undefined);
  return seen;
}

/** What is under way at once. */
interface Looks {
  /** The program's outputs, where it would change nothing. */
  readonly program: Promise<Readonly<Record<string, unknown>>>;
  readonly ground: Promise<Ground>;
  /** Rejects as soon as a resource is known to change, while the program goes on. */
  readonly doubted: Promise<never>;
}

/** The way of the last update is taken for that of this one, until it is known. */
async function startLooks(machine: Machine, stack: string): Promise<Looks> {
  const [configured, record, edited] = await Promise.all([
    readSettings(machine.root, stack),
    readRecord(machine, stack),
    wasEdited(machine, stack),
  ]);
  // What a production update refuses, it refuses before it looks whether there is anything to do.
  if (configured.production || record === undefined) throw new Doubt("it is production, or not deployed");
  const cluster = reachCluster(machine, configured, record);
  const standing = lookAtMachine(machine, record, { configured, moved: cluster.settings });
  const deciding = decideWay(machine, configured).then((way) => {
    if (way.program === record.program && way.cluster === record.cluster) return way;
    throw new Doubt("it would go another way");
  });
  const ground = Promise.all([deciding, standing]).then(([way]) => ({ way, cluster }));
  // Whoever waits for a look gets its failure.
  ground.catch(() => undefined);
  const { promise: doubted, reject: doubts } = Promise.withResolvers<never>();
  const stackFile = await writeEffectiveStack(machine, configured, cluster.overrides);
  const lookAtProgram = (): Looks["program"] =>
    record.program === "pulumi"
      ? lookUnderPulumi(machine, { settings: cluster.settings, stackFile, doubts })
      : runnerOptions(machine, stack, stackFile).then((options) => lookUnderRunner(machine, options));
  const program = edited ? Promise.reject(new Doubt("files were edited after the last update")) : lookAtProgram();
  program.catch(() => undefined);
  doubted.catch(() => undefined);
  return { program, ground, doubted };
}

/** Points this process at the cluster of the last update, as its start would. */
function reachCluster(machine: Machine, settings: StackSettings, { cluster }: DeploymentRecord): ReadyCluster {
  if (cluster !== "sandbox") return { settings, overrides: {} };
  const { name, overrides, moved } = placeInSandbox(machine, settings);
  machine.env.KUBECONFIG = sandboxKubeconfig(machine, name);
  useKnownClient(machine);
  return { settings: moved, overrides };
}

function restore(env: NodeJS.ProcessEnv, before: NodeJS.ProcessEnv): void {
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) delete env[name];
    else env[name] = value;
  }
}
