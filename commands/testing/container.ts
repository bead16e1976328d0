import { askEngine, ensureEngine, useSandboxEngine } from "../machine/engine.ts";
import type { Log } from "../support/log.ts";
import type { Machine } from "../support/machine.ts";
import { type RunResult, run } from "../support/run.ts";
import { reachDockerHub } from "../tools/reach.ts";

/** A folder of this machine, and where a container sees it. */
export interface Mount {
  readonly folder: string;
  readonly target: string;
}

/**
 * Brings an engine that has the base images: where Docker Hub is out of reach, the stand-ins under the official tags serve.
 *
 * @throws UserError where there is no engine and none can be brought.
 */
export async function prepareEngine(machine: Machine, log: Log): Promise<void> {
  const [answer, hub] = await Promise.all([askEngine(machine), reachDockerHub(machine)]);
  if ("engine" in answer && hub.ok) return;
  if (machine.platform === "linux") await useSandboxEngine(machine, log);
  await ensureEngine(machine);
  if (!hub.ok) await (await machine.sandbox()).ensureBaseImages(log);
}

/**
 * Runs the client of the Docker engine in the checkout, with BuildKit.
 *
 * @param allowFailure - Gives back a bad exit code instead of throwing. Default false.
 * @throws CommandError where it fails and may not.
 */
export function docker({ root: cwd, env }: Machine, args: readonly string[], allowFailure = false): Promise<RunResult> {
  return run("docker", args, { cwd, env: { ...env, DOCKER_BUILDKIT: "1" }, allowFailure });
}

/** Runs a command in a folder that it can only read, as this machine's user, and gives back how it ended. */
export function inContainer(
  machine: Machine,
  image: string,
  { folder, target }: Mount,
  command: readonly string[],
  options: readonly string[] = [],
): Promise<RunResult> {
  const user = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  const start = ["run", "--rm", "--init", "--user", user, "--env", "HOME=/tmp"];
  const place = ["--volume", `${folder}:${target}:ro`, "--workdir", target];
  return docker(machine, [...start, ...place, ...options, image, ...command], true);
}
