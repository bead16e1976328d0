import { ensureEngine } from "../engine/ensureEngine.ts";
import { sandboxCache } from "../support/cache.ts";
import { withLock } from "../support/lock.ts";
import { duration, type Log } from "../support/log.ts";
import { UserError } from "../support/userError.ts";
import { configurationKey, createContainer, findContainer, removeContainer } from "./container.ts";
import { answersHere, kubeconfigPath, writeKubeconfig } from "./kubeconfig.ts";
import { CONFIGURATION_LABEL } from "./label.ts";
import { ensureNodeImage, nodeImageKey } from "./nodeImage.ts";
import { requireFreePorts } from "./ports.ts";
import { followStart, startContainer, unreadiness } from "./readiness.ts";
import { apiPort, type ClusterSettings, checkSettings } from "./settings.ts";

/** How to reach a sandbox. */
export interface Cluster {
  /** The container's and the node's name. */
  name: string;
  /** The context in the kubeconfig: the same name. */
  context: string;
  /** Absolute path of its kubeconfig. */
  kubeconfig: string;
}

/** How long a running node that does not answer may take, in seconds: it may have been started a moment ago. */
const RECOVERY = 60;

/**
 * Makes sure that a sandbox runs and answers. Running: checked and left alone, a second. Stopped: started with all its
 * data. Absent: created, after the node image was made if need be. Made from other settings or another version of
 * this repository, or beyond recovery: made anew, and a line says so.
 * @throws `UserError` naming occupied ports, a missing engine, a node that does not start, each with the remedy
 */
export async function ensureCluster(settings: ClusterSettings, log: Log): Promise<Cluster> {
  checkSettings(settings);
  await ensureEngine(log);
  return withLock(sandboxCache(`${settings.name}.lock`), "starting the sandbox", log, async () => {
    const imageKey = await nodeImageKey();
    const configuration = configurationKey(settings, imageKey);
    if (!(await reuse(settings, configuration, log))) await create(settings, configuration, log);
    return { name: settings.name, context: settings.name, kubeconfig: await reach(settings) };
  });
}

/** Uses the container that there is, if it can be used. */
async function reuse(settings: ClusterSettings, configuration: string, log: Log): Promise<boolean> {
  const { name } = settings;
  const container = await findContainer(name);
  if (!container) return false;
  if (container.Config.Labels?.[CONFIGURATION_LABEL] !== configuration) {
    log(`The sandbox "${name}" is of another version or has other ports: made anew, its data is gone.`);
    return false;
  }
  // "created" is one whose first start failed or was interrupted: nothing is in it.
  if (container.State.Status === "created") return false;
  if (container.State.Running) return isUsable(name, log);
  log(`starting the sandbox "${name}" with its data (about 20 s) ...`);
  return restart(settings, log);
}

async function isUsable(name: string, log: Log): Promise<boolean> {
  const first = await unreadiness(name);
  if (!first) return true;
  log(`The sandbox "${name}" does not answer (${first}); waiting up to ${RECOVERY} s ...`);
  const second = await unreadiness(name, RECOVERY);
  if (second) log(`The sandbox "${name}" is broken (${second}): made anew, its data is gone.`);
  return !second;
}

async function restart(settings: ClusterSettings, log: Log): Promise<boolean> {
  await requireFreePorts(settings);
  const since = new Date();
  try {
    await startContainer(settings.name);
    await followStart(settings.name, since, log);
    return true;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    log(`${error.message}\nThe sandbox "${settings.name}" is broken: made anew, its data is gone.`);
    return false;
  }
}

async function create(settings: ClusterSettings, configuration: string, log: Log): Promise<void> {
  const image = await ensureNodeImage(log);
  // The one that is replaced first: it may have the very ports.
  await removeContainer(settings.name);
  await requireFreePorts(settings);
  const since = new Date();
  log(`creating the sandbox "${settings.name}" (about 20 s) ...`);
  await createContainer(settings, image, configuration);
  await followStart(settings.name, since, log);
  log(`the sandbox "${settings.name}" is ready after ${duration(Date.now() - since.getTime())}`);
}

/** Makes sure that the cluster answers this machine; gives the kubeconfig's path. */
async function reach(settings: ClusterSettings): Promise<string> {
  if (await answersHere(settings)) return kubeconfigPath(settings.name);
  const kubeconfig = await writeKubeconfig(settings);
  if (await answersHere(settings)) return kubeconfig;
  throw new UserError(
    `The sandbox "${settings.name}" runs, but its API server does not answer at 127.0.0.1:${apiPort(settings)}. ` +
      "Something between this machine and the engine holds it up: a firewall, or an engine on another machine (DOCKER_HOST).",
  );
}
