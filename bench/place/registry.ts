import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../../commands/support/log.ts";
import { messageOf } from "../harness/experiment.ts";
import { type BenchCluster, ports } from "./cluster.ts";
import type { Commands } from "./commands.ts";
import { ctr } from "./node.ts";
import { untilAnswered } from "./poll.ts";
import type { Surroundings } from "./surroundings.ts";

/** A registry that the engine and the node reach by one name, or why there is none. */
export type Registry = { readonly name: string } | { readonly skipped: string };

/**
 * Starts Debian's registry in the node, on a port that the node publishes. It holds nothing that lasts: it goes with the
 * cluster.
 */
export function ensureRegistry(surroundings: Surroundings, log: Log): Promise<Registry> {
  return surroundings.once("registry", async () => {
    try {
      return { name: await startRegistry(surroundings, log) };
    } catch (error) {
      return { skipped: `there is no registry (${messageOf(error).split("\n")[0]})` };
    }
  });
}

async function startRegistry(surroundings: Surroundings, log: Log): Promise<string> {
  const { node } = await surroundings.cluster(log);
  const { installDebianPackages } = await (await surroundings.machine(log)).sandbox();
  const commands = await surroundings.commands("floor", log);
  const binary = "/usr/bin/docker-registry";
  if (!(await commands.succeeds("test", "-x", binary)))
    await installDebianPackages({ packages: ["docker-registry"], why: "send new layers alone to a node" }, log);
  const folder = await mkdtemp(join(commands.folder, ".bench-registry-"));
  const storage = { filesystem: { rootdirectory: "/var/lib/bench-registry" } };
  const settings = { version: 0.1, storage, http: { addr: `:${ports.registry}` } };
  await writeFile(join(folder, "config.yml"), JSON.stringify(settings));
  await commands.run("docker", "cp", binary, `${node}:/usr/local/bin/docker-registry`);
  await commands.run("docker", "cp", join(folder, "config.yml"), `${node}:/etc/bench-registry.yml`);
  await rm(folder, { recursive: true });
  await commands.run("docker", "exec", "--detach", node, "docker-registry", "serve", "/etc/bench-registry.yml");
  const name = `localhost:${ports.registry}`;
  await untilAnswered(`http://${name}/v2/`, ({ status }) => status === 200, { timeoutMs: 10_000 });
  return name;
}

/** `docker push`, then a pull on the node: only the layers that are new move. */
export async function throughRegistry(commands: Commands, { node }: BenchCluster, reference: string): Promise<void> {
  await commands.run("docker", "push", "--quiet", reference);
  await commands.run(...ctr(node, "images", "pull", "--plain-http", reference));
}
