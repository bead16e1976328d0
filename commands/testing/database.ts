import { setTimeout as sleep } from "node:timers/promises";
import { readChart } from "../../components/release/chart.ts";
import { UserError } from "../support/errors.ts";
import type { Machine } from "../support/machine.ts";
import { run } from "../support/run.ts";
import { docker } from "./container.ts";

/**
 * Starts an empty PostgreSQL of the chart's image as `database` in a network, and waits until it answers: user and database
 * are both `todo`. The password travels by environment, where no process list shows it.
 *
 * @param name - The network's, which is there, and the container's.
 * @throws UserError where it does not start; Error where the chart cannot be read.
 */
export async function startDatabase(machine: Machine, name: string, password: string): Promise<void> {
  const settings = ["--env", "POSTGRES_PASSWORD", "--env", "POSTGRES_USER=todo", "--env", "POSTGRES_DB=todo"];
  const place = [
    "--name",
    name,
    "--network",
    name,
    "--network-alias",
    "database",
    "--tmpfs",
    "/var/lib/postgresql/data",
  ];
  const { databaseImage } = await readChart("local");
  const secret = secretly(machine, { POSTGRES_PASSWORD: password });
  await docker(secret, ["run", "--detach", ...place, ...settings, databaseImage]);
  // By TCP, because the server that initialises listens on its socket only.
  const ask = ["exec", name, "pg_isready", "--host", "127.0.0.1", "--username", "todo"];
  for (const until = Date.now() + 60_000; Date.now() < until; await sleep(200)) {
    if ((await docker(machine, ask, true)).code === 0) return;
  }
  const { stdout, stderr } = await docker(machine, ["logs", "--tail", "20", name], true);
  throw new UserError(`PostgreSQL did not start within 60 s:\n${stdout}${stderr}`);
}

/** A machine whose programs get these variables too. */
export function secretly(machine: Machine, secrets: Readonly<Record<string, string>>): Machine {
  return { ...machine, env: { ...machine.env, ...secrets } };
}

/** Removes a network with the containers in it; also after Ctrl-C. */
export async function removeAll({ env }: Machine, name: string): Promise<void> {
  const options = { env, allowFailure: true, cleanup: true };
  const { stdout } = await run("docker", ["ps", "--all", "--quiet", "--filter", `network=${name}`], options);
  const containers = stdout.split("\n").filter((id) => id !== "");
  if (containers.length > 0) await run("docker", ["rm", "--force", "--volumes", ...containers], options);
  await run("docker", ["network", "rm", name], options);
}
