import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { useDeployedCluster } from "../commands/deploy/cluster.ts";
import { preparePulumi } from "../commands/deploy/pulumi.ts";
import { UserError } from "../commands/support/errors.ts";
import type { Machine } from "../commands/support/machine.ts";
import { run } from "../commands/support/run.ts";
import { ensureTool } from "../commands/tools/install.ts";

/** Runs of each program; the middle one counts. */
const runs = 7;

/** An operation on a stack that changes nothing. */
interface Measured {
  readonly name: string;
  readonly folder: string;
  readonly stack: string;
  readonly extra: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/**
 * `npm run bench`: what an update costs that changes nothing, beside an empty program with the same providers.
 * The stack `local` must be deployed from this checkout.
 */
export async function startUp(_args: readonly string[], machine: Machine): Promise<number> {
  const pulumi = await ensureTool(machine, "pulumi");
  await preparePulumi(machine);
  await useDeployedCluster(machine, "local");
  const backend = await mkdtemp(join(tmpdir(), "todo-stack-bench-"));
  const empty: Measured = {
    name: "an empty program",
    folder: join(machine.root, "bench", "empty"),
    stack: "empty",
    extra: [],
    env: { ...machine.env, PULUMI_BACKEND_URL: `file://${backend}`, PULUMI_CONFIG_PASSPHRASE: "bench" },
  };
  const stackFile = join(machine.state, "Pulumi.local.yaml");
  const ours: Measured = {
    name: "this program",
    folder: machine.root,
    stack: "local",
    extra: ["--config-file", stackFile],
    env: machine.env,
  };
  try {
    const init = ["stack", "init", empty.stack, "--cwd", empty.folder];
    await run(pulumi, init, { env: empty.env });
    // The first one of each settles what is left to do, and warms the caches.
    for (const measured of [empty, ours]) await update(pulumi, measured);
    const floor = await median(() => update(pulumi, empty));
    const own = await median(() => update(pulumi, ours));
    machine.log(`pulumi up that changes nothing, median of ${runs}, seconds:`);
    machine.log(`  ${empty.name.padEnd(20)} ${seconds(floor)}`);
    machine.log(
      `  ${ours.name.padEnd(20)} ${seconds(own)}   (${(own / floor).toFixed(2)} times; the aim is at most 2)`,
    );
    return 0;
  } finally {
    await rm(backend, { recursive: true, force: true });
    await rm(join(empty.folder, `Pulumi.${empty.stack}.yaml`), { force: true });
  }
}

/** Runs one update; gives back its milliseconds. */
async function update(pulumi: string, { folder, stack, extra, env }: Measured): Promise<number> {
  const since = performance.now();
  const args = ["up", "--yes", "--skip-preview", "--stack", stack, "--cwd", folder, ...extra];
  const { code, stdout } = await run(pulumi, args, { env, allowFailure: true });
  if (code !== 0) throw new UserError(`pulumi up of ${folder} failed:\n${stdout}`, "Deploy first: npm run up");
  return performance.now() - since;
}

async function median(measure: () => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < runs; count++) times.push(await measure());
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
}

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1);
