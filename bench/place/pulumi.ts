import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { preparePulumi } from "../../commands/deploy/pulumi.ts";
import { UserError } from "../../commands/support/errors.ts";
import type { Log } from "../../commands/support/log.ts";
import { run } from "../../commands/support/run.ts";
import type { Side } from "../harness/experiment.ts";
import type { Deployment } from "./deployment.ts";
import type { Surroundings } from "./surroundings.ts";

/** Why a side of the real engine is left out. */
const withoutCli = "needs the Pulumi CLI";

/** Plain `pulumi up`, of this program and of one that makes nothing. */
export interface PulumiUps {
  /** Updates the benchmark's deployment; gives back what the CLI printed. */
  readonly own: () => Promise<string>;
  readonly empty: () => Promise<string>;
  /** Why neither can be had. */
  readonly skipped?: string;
}

/** Makes both ready: the deployment was made by `npm run up`, the empty program's stack is made here. */
export function preparePulumiUps(
  surroundings: Surroundings,
  { pulumi, own }: Deployment,
  log: Log,
): Promise<PulumiUps> {
  return surroundings.once("pulumi", async () => {
    const never = async () => "";
    if (pulumi === undefined) return { own: never, empty: never, skipped: withoutCli };
    const machine = await surroundings.machine(log);
    const env = { ...machine.env };
    await preparePulumi({ ...machine, env });
    const stackFile = join(machine.state, "Pulumi.local.yaml");
    const backend = await mkdtemp(join(tmpdir(), "todo-stack-bench-pulumi-"));
    surroundings.onRemove(() => rm(backend, { recursive: true, force: true }));
    const emptyEnv = { ...env, PULUMI_BACKEND_URL: `file://${backend}`, PULUMI_CONFIG_PASSPHRASE: "bench" };
    const emptyFolder = join(own.folder, "bench", "empty");
    await run(pulumi, ["stack", "init", "empty", "--cwd", emptyFolder], { env: emptyEnv });
    return {
      own: () => update(pulumi, own.folder, "local", ["--config-file", stackFile], env),
      empty: () => update(pulumi, emptyFolder, "empty", [], emptyEnv),
    };
  });
}

/** The side that updates the empty program. */
export function emptySide({ empty, skipped }: PulumiUps, value: string): Side {
  return {
    name: "pulumi up of an empty program",
    ...(skipped === undefined ? {} : { skipped }),
    measure: async () => {
      const since = performance.now();
      await empty();
      return { [value]: (performance.now() - since) / 1000 };
    },
  };
}

async function update(
  pulumi: string,
  folder: string,
  stack: string,
  extra: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const args = ["up", "--yes", "--non-interactive", "--stack", stack, "--cwd", folder, ...extra];
  const { code, stdout, stderr } = await run(pulumi, args, { env, allowFailure: true });
  if (code === 0) return stdout;
  throw new UserError(`pulumi up of ${folder} failed:\n${stdout}${stderr}`);
}
