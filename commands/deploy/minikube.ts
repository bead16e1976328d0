import type { Engine } from "../machine/engine.ts";
import type { Machine } from "../support/machine.ts";
import { run } from "../support/run.ts";
import { readMadeProfiles, writeMadeProfiles } from "./record.ts";
import { hasProfile } from "./way.ts";

/** The Kubernetes of a new profile. */
export const KUBERNETES_VERSION = "v1.34.0";

/** Starts a Minikube profile unless it runs; a new one gets the page's port published. */
export async function ensureMinikube(
  machine: Machine,
  { minikube, profile, nodePort, engine }: { minikube: string; profile: string; nodePort: number; engine: Engine },
): Promise<void> {
  if (await isRunning(machine, minikube, profile)) return;
  const known = hasProfile(machine, profile);
  const args = known ? ["start", "--profile", profile] : newProfile(profile, nodePort, engine);
  // Minikube refuses its Docker driver to root unless it is told so twice.
  if (machine.isRoot) args.push("--force");
  // Noted before: a start that is interrupted has made the profile already.
  if (!known) await writeMadeProfiles(machine, [...(await readMadeProfiles(machine)), profile]);
  machine.log(`${known ? "Starting" : "Making"} the Minikube cluster "${profile}" ...`);
  await run(minikube, args, { env: machine.env, inherit: true });
}

/** Removes a profile that was made from this checkout; says so where it is another's. */
export async function removeMinikube(machine: Machine, minikube: string, profile: string): Promise<void> {
  const made = await readMadeProfiles(machine);
  if (!made.includes(profile)) {
    machine.log(`The Minikube cluster "${profile}" was there before and stays (minikube delete --profile ${profile}).`);
    return;
  }
  await run(minikube, ["delete", "--profile", profile], { env: machine.env, inherit: true });
  await writeMadeProfiles(
    machine,
    made.filter((name) => name !== profile),
  );
}

async function isRunning(machine: Machine, minikube: string, profile: string): Promise<boolean> {
  const args = ["status", "--profile", profile, "--output", "json"];
  const { stdout } = await run(minikube, args, { env: machine.env, allowFailure: true, timeoutMs: 20_000 });
  return /"APIServer":\s*"Running"/.test(stdout) && /"Kubelet":\s*"Running"/.test(stdout);
}

function newProfile(profile: string, nodePort: number, engine: Engine): string[] {
  return [
    "start",
    `--profile=${profile}`,
    "--driver=docker",
    "--container-runtime=containerd",
    `--kubernetes-version=${KUBERNETES_VERSION}`,
    `--cpus=${cpusFor(engine)}`,
    `--memory=${memoryFor(engine)}`,
    `--ports=127.0.0.1:${nodePort}:${nodePort}`,
  ];
}

/** Minikube's least is 2; more than 4 serve nothing here. */
function cpusFor({ cpus }: Engine): number {
  return Math.max(2, Math.min(4, cpus));
}

/** Half of what the engine has, from Minikube's 2 GB (https://minikube.sigs.k8s.io/docs/start/) up to 4 GB; in megabytes. */
function memoryFor({ memory }: Engine): number {
  return Math.round(Math.max(2048, Math.min(4096, memory / 1024 / 1024 / 2)));
}
