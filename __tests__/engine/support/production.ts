import { execFile } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { installDebianPackages } from "../../../sandbox/index.ts";

const execute = promisify(execFile);
const docker = (...args: string[]) => execute("docker", args);

/** What production brings along, beside the cluster of the suites. */
export interface Surroundings {
  /** A registry that this machine and the node reach by the same name. */
  readonly registry: string;
  /** A PostgreSQL outside of the cluster. */
  readonly databaseUrl: string;
  readonly remove: () => Promise<void>;
}

/** Starts a registry and a database for the cluster of this name. */
export async function startSurroundings(cluster: string, port: number): Promise<Surroundings> {
  const [registry, databaseUrl] = await Promise.all([startRegistry(cluster, port), startDatabase(cluster)]);
  const remove = async (): Promise<void> => void (await docker("rm", "--force", "--volumes", databaseOf(cluster)));
  return { registry, databaseUrl, remove };
}

const databaseOf = (cluster: string): string => `${cluster}-database`;

/** It runs in the node, on a port that the node publishes: `localhost` is the same registry to the engine and to the node. */
async function startRegistry(cluster: string, port: number): Promise<string> {
  await installDebianPackages(
    { packages: ["docker-registry"], why: "push images as production does" },
    () => undefined,
  );
  const configuration = join(mkdtempSync(join(tmpdir(), "todo-stack-registry-")), "config.yml");
  const storage = { filesystem: { rootdirectory: "/var/lib/registry" } };
  writeFileSync(configuration, JSON.stringify({ version: 0.1, storage, http: { addr: `:${port}` } }));
  await docker("cp", "/usr/bin/docker-registry", `${cluster}:/usr/local/bin/docker-registry`);
  await docker("cp", configuration, `${cluster}:/etc/registry.yml`);
  await docker("exec", "--detach", cluster, "docker-registry", "serve", "/etc/registry.yml");
  return `localhost:${port}`;
}

async function startDatabase(cluster: string): Promise<string> {
  const name = databaseOf(cluster);
  await docker("rm", "--force", "--volumes", name);
  const settings = [
    "--env",
    "POSTGRES_USER=app",
    "--env",
    "POSTGRES_DB=app",
    "--env",
    "POSTGRES_PASSWORD=of-the-suites",
  ];
  await docker("run", "--detach", "--name", name, "--network", cluster, ...settings, "postgres:17-alpine");
  const format = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
  const { stdout } = await docker("inspect", "--format", format, name);
  return `postgresql://app:of-the-suites@${stdout.trim()}:5432/app?sslmode=disable`;
}
