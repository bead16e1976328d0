import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../../commands/support/log.ts";
import { readChart } from "../../components/release/chart.ts";
import { budgets } from "../budget.ts";
import { Commands } from "./commands.ts";
import type { Surroundings } from "./surroundings.ts";

/** The images of both services, built from the copy by plain commands. */
export interface BuiltImages {
  readonly backend: string;
  readonly frontend: string;
  /** The frontend's base. */
  readonly nginx: string;
}

/** Builds both images. */
export function buildImages(surroundings: Surroundings, log: Log): Promise<BuiltImages> {
  return surroundings.once("images", async () => {
    const commands = await surroundings.commands("own", log);
    const built = { backend: "todo-bench-backend:own", frontend: "todo-bench-frontend:own" };
    surroundings.noteImages(built.backend, built.frontend);
    for (const service of ["backend", "frontend"] as const) {
      log(`building the ${service}`);
      await buildService(commands, service, built[service]);
    }
    return { ...built, nginx: budgets.frontend.base ?? "" };
  });
}

/** `docker build` of one service, as the program builds it. */
export async function buildService(commands: Commands, service: "backend" | "frontend", tag: string): Promise<void> {
  const file = `docker/${service}.Dockerfile`;
  await commands.run(
    "docker",
    "build",
    "--quiet",
    "--file",
    file,
    "--build-arg",
    "APP_VERSION=1.0.0",
    "--tag",
    tag,
    ".",
  );
}

/** The folder of the floor's programs and configuration, in the copy, where every engine can mount it. */
export async function floorFolder(surroundings: Surroundings): Promise<string> {
  return join((await surroundings.copy("own")).folder, "bench", "floor");
}

/** A name that no other container has. */
export function containerName(what: string): string {
  return `todo-bench-${what}-${randomBytes(3).toString("hex")}`;
}

/** Runs a container in the background that goes at the end at the latest. */
export async function startContainer(
  surroundings: Surroundings,
  commands: Commands,
  name: string,
  args: readonly string[],
): Promise<void> {
  surroundings.onRemove(() => commands.cleanUp("docker", "rm", "--force", "--volumes", name));
  await commands.run("docker", "run", "--detach", "--name", name, ...args);
}

/** A port of this machine on which nobody listens. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** A network for the containers: the engine's default one may be switched off. */
export function ensureNetwork(surroundings: Surroundings, commands: Commands): Promise<string> {
  return surroundings.once("network", async () => {
    const name = containerName("network");
    surroundings.onRemove(() => commands.cleanUp("docker", "network", "rm", name));
    await commands.run("docker", "network", "create", name);
    return name;
  });
}

/** The address of a running container, which this machine reaches without a proxy where it runs the engine itself. */
export async function addressOf(commands: Commands, container: string): Promise<string> {
  const format = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
  return (await commands.run("docker", "inspect", "--format", format, container)).trim();
}

/** Starts PostgreSQL with its data in memory on the containers' network; gives back the URL for them. */
export async function startDatabase(
  surroundings: Surroundings,
  commands: Commands,
  place: readonly string[],
): Promise<string> {
  const [name, password] = [containerName("database"), randomBytes(16).toString("hex")];
  const secret = new Commands({ ...commands.env, POSTGRES_PASSWORD: password }, commands.folder);
  const settings = ["--env", "POSTGRES_PASSWORD", "--env", "POSTGRES_USER=todo", "--env", "POSTGRES_DB=todo"];
  const memory = ["--tmpfs", "/var/lib/postgresql/data"];
  const { databaseImage } = await readChart("local");
  await startContainer(surroundings, secret, name, [...place, ...memory, ...settings, databaseImage]);
  // By TCP, because the server that initialises listens on its socket only.
  const isReady = ["exec", name, "pg_isready", "--host", "127.0.0.1", "--username", "todo"];
  for (const until = Date.now() + 60_000; Date.now() < until; await sleep(200)) {
    if (await commands.succeeds("docker", ...isReady)) return `postgresql://todo:${password}@${name}:5432/todo`;
  }
  throw new Error("PostgreSQL did not start within 60 s");
}
