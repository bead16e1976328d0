import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { installDebianPackages } from "../../../sandbox/index.ts";
import type { Deployment } from "../../e2e/support/deployment.ts";

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

/** Where the database is: on the same cluster, since there is no other one, and in a namespace that is not the stack's. */
const outside = "outside";

/** Starts a registry and a database for the cluster of this name. */
export async function startSurroundings(on: Deployment, port: number): Promise<Surroundings> {
  const [registry, databaseUrl] = await Promise.all([startRegistry(on.context, port), startDatabase(on)]);
  const remove = async (): Promise<void> => void (await on.kubectl("delete", "namespace", outside, "--wait=false"));
  return { registry, databaseUrl, remove };
}

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
  rmSync(dirname(configuration), { recursive: true });
  await docker("exec", "--detach", cluster, "docker-registry", "serve", "/etc/registry.yml");
  return `localhost:${port}`;
}

async function startDatabase(on: Deployment): Promise<string> {
  await on.kubectl("create", "namespace", outside);
  const settings = ["POSTGRES_USER=app", "POSTGRES_DB=app", "POSTGRES_PASSWORD=of-the-suites"];
  const image = ["--image=postgres:17-alpine", "--image-pull-policy=Never", "--port=5432", "--expose"];
  await on.kubectl("--namespace", outside, "run", "database", ...image, ...settings.map((entry) => `--env=${entry}`));
  await on.kubectl("--namespace", outside, "wait", "--for=condition=Ready", "pod/database", "--timeout=60s");
  return `postgresql://app:of-the-suites@database.${outside}.svc:5432/app?sslmode=disable`;
}
