import { isDeepStrictEqual } from "node:util";
import { type ReleaseName, type Revision, readRevisions, unpackRevision } from "../../../components/release/history.ts";
import { podsOf } from "../../../rollout/pods.ts";
import { watchRollout } from "../../../rollout/watch.ts";
import { helm } from "../shell.ts";
import type { Handler, Machine, ResourceInputs } from "../types.ts";

/** `kubernetes:helm.sh/v3:Release`: upgraded when its values, its chart or its outcome differ from the last revision's. */
export const releaseHandler: Handler = async ({ inputs }, machine) => {
  const { name, namespace } = inputs as { name: string; namespace: string };
  const releaseName: ReleaseName = { namespace, releaseName: name };
  const history = await readRevisions(await machine.api, releaseName);
  const last = history.at(-1);
  const state = (revision: number) => ({ ...inputs, status: { name, namespace, revision, status: "deployed" } });
  const same = last?.status === "deployed" && (await isMadeOf(last, inputs));
  const remove = async () => {
    machine.log(`Removing the release ${name} ...`);
    if (history.length > 0) await helm(machine, ["--namespace", namespace, "uninstall", name, "--wait"]);
  };
  if (same) return { id: `${namespace}/${name}`, state: state(last.revision), remove };
  const apply = async () => {
    await unlock(machine, namespace, name, history);
    await upgrade(machine, inputs);
    return state((await readRevisions(await machine.api, releaseName)).at(-1)?.revision ?? 1);
  };
  const verb = last === undefined ? "install" : "upgrade";
  return {
    id: `${namespace}/${name}`,
    state: state(last?.revision ?? 0),
    change: { summary: `release ${namespace}/${name}: ${verb}`, apply },
    remove,
  };
};

/** A killed run leaves the release locked: https://helm.sh/docs/helm/helm_rollback/ takes it back to what served last. */
async function unlock(machine: Machine, namespace: string, name: string, history: readonly Revision[]): Promise<void> {
  if (!history.at(-1)?.status.startsWith("pending-")) return;
  const served = history.findLast((revision) => revision.status === "deployed" || revision.status === "superseded");
  machine.log(`The release ${name} was left ${history.at(-1)?.status} by an interrupted run; taking it back first ...`);
  if (served === undefined) await helm(machine, ["--namespace", namespace, "uninstall", name, "--wait"]);
  else await helm(machine, ["--namespace", namespace, "rollback", name, String(served.revision), "--wait"]);
}

async function upgrade(machine: Machine, inputs: ResourceInputs): Promise<void> {
  const { name, namespace, timeout } = inputs as { name: string; namespace: string; timeout: number };
  machine.log(`Deploying the release ${name} (at most ${timeout} s) ...`);
  const watch = await watchRollout(podsOf(await machine.api, namespace, name));
  const args = [
    "upgrade",
    name,
    inputs.chart,
    "--install",
    "--atomic",
    "--cleanup-on-fail",
    "--timeout",
    `${timeout}s`,
  ];
  const rest = ["--history-max", String(inputs.maxHistory), "--description", inputs.description, "--values", "-"];
  const failure = await helm(machine, ["--namespace", namespace, ...args, ...rest], {
    input: JSON.stringify(inputs.values),
  }).then(
    () => undefined,
    (error: Error) => error,
  );
  const seen = await watch.stop();
  if (failure !== undefined) throw new Error(rolloutMessage(name, failure, seen), { cause: failure });
}

function rolloutMessage(name: string, failure: Error, seen: string): string {
  const outcome = `The release ${name} did not roll out and was taken back; what served before serves still.`;
  return seen === "" ? `${outcome}\n${failure.message}` : `${outcome}\n${seen}`;
}

/** What Helm keeps of a revision names its chart by the description. */
async function isMadeOf(revision: Revision, inputs: ResourceInputs): Promise<boolean> {
  const { description, values } = await unpackRevision(revision);
  return description === inputs.description && isDeepStrictEqual(values, inputs.values);
}
