import type { Machine } from "../support/machine.ts";
import { run } from "../support/run.ts";
import { ensureTool } from "../tools/install.ts";
import { useDeployedCluster } from "./cluster.ts";
import { preparePulumi } from "./pulumi.ts";

/** `npm run pulumi`: the CLI with this checkout's backend and passphrase. */
export async function passThrough(args: readonly string[], machine: Machine): Promise<number> {
  const pulumi = await ensureTool(machine, "pulumi");
  await preparePulumi(machine);
  await useDeployedCluster(machine, "local");
  const { code } = await run(pulumi, args, { cwd: machine.root, env: machine.env, inherit: true, allowFailure: true });
  return code;
}
