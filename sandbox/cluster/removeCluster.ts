import { readdir, rm } from "node:fs/promises";
import { docker } from "../engine/docker.ts";
import { sandboxCache } from "../support/cache.ts";
import type { Log } from "../support/log.ts";
import { findContainer, removeContainer } from "./container.ts";
import { kubeconfigPath } from "./kubeconfig.ts";
import { SANDBOX_LABEL } from "./label.ts";

/** Removes a sandbox: container, volume, network, kubeconfig. One that is not there is no error. */
export async function removeCluster(name: string, log: Log): Promise<void> {
  if (await findContainer(name)) log(`removing the sandbox "${name}" ...`);
  await removeContainer(name);
  await rm(kubeconfigPath(name), { force: true });
  // Only when nothing else is in it.
  if ((await readdir(sandboxCache(name)).catch(() => ["?"])).length === 0)
    await rm(sandboxCache(name), { recursive: true });
}

/** Removes all sandboxes of this engine, whichever checkout made them, and what is left of interrupted ones. */
export async function removeClusters(log: Log): Promise<void> {
  for (const name of await clusterNames()) await removeCluster(name, log);
}

/** The names of all sandboxes of which this engine has a container, a volume or a network. */
export async function clusterNames(): Promise<string[]> {
  const filter = ["--filter", `label=${SANDBOX_LABEL}`, "--format", `{{.Label "${SANDBOX_LABEL}"}}`];
  const answers = await Promise.all([
    docker(["container", "ls", "--all", ...filter]),
    docker(["volume", "ls", ...filter]),
    docker(["network", "ls", ...filter]),
  ]);
  return [...new Set(answers.flatMap((answer) => answer.split("\n")).filter(Boolean))].sort();
}
