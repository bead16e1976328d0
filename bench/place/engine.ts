import { request } from "node:http";
import type { Commands } from "./commands.ts";

/** What the engine counts of a container. */
export interface ContainerCounters {
  /** Processor time since its start, in seconds. */
  readonly cpuSeconds: number;
  /** Memory in use without the page cache that could go, as `docker stats` shows it; in bytes. */
  readonly memory: number;
}

interface Stats {
  readonly cpu_stats: { readonly cpu_usage: { readonly total_usage: number } };
  readonly memory_stats: { readonly usage: number; readonly stats?: Readonly<Record<string, number>> };
}

/** Asks the engine for one reading; `docker stats` itself takes two, a second apart, and shows no totals. */
export async function countersOf(commands: Commands, container: string): Promise<ContainerCounters> {
  const { cpu_stats, memory_stats } = JSON.parse(
    await askEngine(commands, `/containers/${container}/stats?stream=false&one-shot=true`),
  ) as Stats;
  // https://docs.docker.com/reference/cli/docker/container/stats/#description : cgroup v1 calls it total_inactive_file.
  const { total_inactive_file, inactive_file = 0 } = memory_stats.stats ?? {};
  return {
    cpuSeconds: cpu_stats.cpu_usage.total_usage / 1e9,
    memory: memory_stats.usage - (total_inactive_file ?? inactive_file),
  };
}

async function askEngine(commands: Commands, path: string): Promise<string> {
  const host = commands.env.DOCKER_HOST ?? (await contextHost(commands));
  if (!host.startsWith("unix://")) throw new Error(`the engine at ${host} cannot be asked for a container's counters`);
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: host.slice("unix://".length), path, timeout: 10_000 }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => {
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`the engine answers ${response.statusCode} to ${path}: ${text}`));
      });
      response.on("error", reject);
    });
    asked.on("error", reject);
    asked.end();
  });
}

async function contextHost(commands: Commands): Promise<string> {
  return (await commands.run("docker", "context", "inspect", "--format", "{{.Endpoints.docker.Host}}")).trim();
}
