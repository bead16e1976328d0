import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { SANDBOX_LABEL } from "../../sandbox/cluster/label.ts";
import { askEngine, ensureEngine } from "../machine/engine.ts";
import { UserError } from "../support/errors.ts";
import { withLock } from "../support/lock.ts";
import type { Machine } from "../support/machine.ts";
import { run } from "../support/run.ts";
import { findTool } from "../tools/install.ts";
import { type ReadyCluster, sandboxName, startCluster } from "./cluster.ts";
import { stopForward } from "./forward.ts";
import { removeMinikube } from "./minikube.ts";
import { openProgram } from "./programs.ts";
import { type DeploymentRecord, readMadeProfiles, readRecord, removeRecord } from "./record.ts";
import { readSettings, type StackSettings, writeEffectiveStack } from "./settings.ts";
import { splitArgs } from "./up.ts";
import { decideWay } from "./way.ts";

/** `npm run down`: takes the deployment away; with `--all` also the cluster that was made for it, and the local state. */
export async function down(args: readonly string[], machine: Machine): Promise<number> {
  const { own, extra } = splitArgs(args);
  const { values } = parseArgs({
    args: own,
    options: {
      stack: { type: "string", short: "s", default: "local" },
      all: { type: "boolean", default: false },
      yes: { type: "boolean", short: "y", default: false },
    },
  });
  const settings = await readSettings(machine.root, values.stack);
  if (!values.yes && !(await mayGoOn(machine, settings, values.all))) return 1;
  return withLock(machine, "down", async () => {
    await removeEverything(machine, settings, { all: values.all, extra });
    return 0;
  });
}

/** A person is asked; without one, only what is on this machine is taken away. */
async function mayGoOn(
  machine: Machine,
  { stack, production, context }: StackSettings,
  all: boolean,
): Promise<boolean> {
  if (!machine.interactive) {
    if (!production) return true;
    throw new UserError(
      `Taking down the stack "${stack}" needs a confirmation.`,
      `npm run down -- --stack ${stack} --yes`,
    );
  }
  const local = all ? ", its data, its cluster and its local state" : " and its data";
  const what = production ? "; its images and its database stay where they are" : local;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(
    `This removes the stack "${stack}" (context ${context})${what}. Go on? [y/N] `,
  );
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

async function removeEverything(
  machine: Machine,
  settings: StackSettings,
  { all, extra }: { all: boolean; extra: readonly string[] },
): Promise<void> {
  const record = await readRecord(machine, settings.stack);
  if (await stopForward(machine, settings.stack)) machine.log("The port-forward is ended.");
  const clusterGoes = all && record !== undefined && (await isOurs(machine, settings, record));
  if (record === undefined) {
    machine.log(`The stack "${settings.stack}" is not deployed from this checkout.`);
    if (all && (await hasState(machine))) await forget(machine, settings);
  }
  if (clusterGoes) await forget(machine, settings);
  else if (record !== undefined) await destroy(machine, settings, { all, extra });
  await removeRecord(machine, settings.stack);
  if (all && !settings.production) await removeClusters(machine, settings, record);
  machine.log("Done.");
}

/** What is deployed on a cluster that goes away goes with it. */
async function isOurs(machine: Machine, settings: StackSettings, { cluster }: DeploymentRecord): Promise<boolean> {
  if (cluster === "minikube") return (await readMadeProfiles(machine)).includes(settings.context);
  return cluster === "sandbox";
}

/** A state of this checkout that a CLI which is here can remove. */
async function hasState(machine: Machine): Promise<boolean> {
  return existsSync(join(machine.state, "pulumi", ".pulumi")) && (await findTool(machine, "pulumi")) !== undefined;
}

async function destroy(
  machine: Machine,
  settings: StackSettings,
  { all, extra }: { all: boolean; extra: readonly string[] },
): Promise<void> {
  const way = await decideWay(machine, settings);
  const cluster: ReadyCluster = settings.production
    ? { settings, overrides: {} }
    : await startCluster(machine, settings, way, await ensureEngine(machine));
  const stackFile = await writeEffectiveStack(machine, settings, cluster.overrides);
  const program = await openProgram(machine, way, { settings: cluster.settings, stackFile });
  await program.destroy(extra);
  if (all) await program.forget();
}

async function forget(machine: Machine, settings: StackSettings): Promise<void> {
  const way = await decideWay(machine, settings);
  if (way.program === "runner") return;
  const stackFile = await writeEffectiveStack(machine, settings, {});
  await (await openProgram(machine, way, { settings, stackFile })).forget();
}

/** Without a record, what is left of runs that were broken off goes all the same. */
async function removeClusters(
  machine: Machine,
  settings: StackSettings,
  record: DeploymentRecord | undefined,
): Promise<void> {
  const minikube = await findTool(machine, "minikube");
  const made = await readMadeProfiles(machine);
  if (minikube !== undefined && made.includes(settings.context))
    await removeMinikube(machine, minikube, settings.context);
  const sandboxUsed =
    record?.cluster === "sandbox" || (record === undefined && existsSync(join(machine.cache, "sandbox")));
  if (!sandboxUsed) return;
  if (record === undefined && "problem" in (await askEngine(machine))) {
    machine.log("The Docker engine does not run, and no deployment from this checkout is on record.");
    return;
  }
  // An engine that was stopped in between still holds the sandbox.
  await ensureEngine(machine);
  await removeSandbox(machine);
}

/** This machine's other sandboxes belong to other checkouts: they stay, and the engine for them. */
async function removeSandbox(machine: Machine): Promise<void> {
  const name = sandboxName(machine);
  const sandbox = await machine.sandbox();
  await machine.log.step(`Removing the sandbox "${name}"`, async (log) => {
    await sandbox.removeCluster(name, log);
    const others = await otherSandboxes(machine);
    if (others.length === 0) await sandbox.removeAll(log);
    else log(`other sandboxes stay, and the engine: ${others.join(", ")}`);
  });
}

async function otherSandboxes({ env }: Machine): Promise<readonly string[]> {
  const args = ["ps", "--all", "--filter", `label=${SANDBOX_LABEL}`, "--format", "{{.Names}}"];
  const { stdout } = await run("docker", args, { env });
  return stdout.split("\n").filter((name) => name !== "");
}
