import { attempt, type Finished, type RunOptions, run } from "../support/run.ts";
import { UserError } from "../support/userError.ts";
import { findBuilding } from "./client.ts";

let client: Promise<string | undefined> | undefined;

/** The path of a Docker client that can build, if there is one. Found once, the answer is kept. */
export async function findBuildingClient(): Promise<string | undefined> {
  client ??= findBuilding();
  return client;
}

/** Forgets what {@link findBuildingClient} found, after something was installed. */
export function forgetClient(): void {
  client = undefined;
}

async function command(args: readonly string[]): Promise<string[]> {
  const path = await findBuildingClient();
  if (!path) throw new UserError("There is no Docker client that can build. `npm run doctor` says how to get one.");
  return [path, ...args];
}

// Clients before 23 build the old way unless they are told.
const buildKit = (options: RunOptions): RunOptions => ({ ...options, env: { DOCKER_BUILDKIT: "1", ...options.env } });

/** Runs `docker` with these arguments; gives its standard output. Throws `CommandError`. */
export async function docker(args: readonly string[], options: RunOptions = {}): Promise<string> {
  return run(await command(args), buildKit(options));
}

/** Runs `docker` where a failure is an answer. */
export async function tryDocker(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return attempt(await command(args), buildKit(options));
}

/** What `docker inspect` says of an object of a type (container, image, network), or undefined when there is none. */
export async function inspect<Facts>(type: string, name: string): Promise<Facts | undefined> {
  const answer = await tryDocker([type, "inspect", name]);
  if (answer.code === 0) return (JSON.parse(answer.stdout) as Facts[])[0];
  if (/no such/i.test(answer.lastLines.join("\n")) || / not found/.test(answer.lastLines.join("\n"))) return undefined;
  throw new UserError(`Docker does not answer about the ${type} ${name}: ${answer.lastLines.join(" ")}`);
}

/** What `docker inspect` says of those of these objects that there are. */
export async function inspectAll<Facts>(type: string, names: readonly string[]): Promise<Facts[]> {
  return JSON.parse((await tryDocker([type, "inspect", ...names])).stdout || "[]") as Facts[];
}
