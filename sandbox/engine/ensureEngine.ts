import { existsSync } from "node:fs";
import { sandboxCache } from "../support/cache.ts";
import { withLock } from "../support/lock.ts";
import type { Log } from "../support/log.ts";
import { attempt } from "../support/run.ts";
import { UserError } from "../support/userError.ts";
import { isRunningByUs, startDaemon } from "./daemon.ts";
import { installDebianPackages } from "./debianPackage.ts";
import { findBuildingClient, forgetClient, tryDocker } from "./docker.ts";

/** A Docker engine that answers. */
export interface Engine {
  /** Absolute path of a Docker client that can build with BuildKit. */
  docker: string;
  /** Whether the engine that answers was started by hand by {@link ensureEngine}, now or earlier. */
  started: boolean;
}

/**
 * Makes sure that a Docker engine answers: uses the one that runs, else starts the one that is installed, else installs
 * Debian's, as far as this user may.
 * @throws `UserError` with the command that mends it
 */
export async function ensureEngine(log: Log): Promise<Engine> {
  if (process.platform !== "linux") {
    throw new UserError(
      "The sandbox needs Linux. On this system use Minikube with Docker Desktop: see docs/quickstart.md",
    );
  }
  const running = await runningEngine();
  if (running) return running;
  return withLock(sandboxCache("engine.lock"), "starting the Docker engine", log, async () => {
    const docker = await ensureClient(log);
    const problem = await unavailability();
    if (problem) await start(problem, log);
    return { docker, started: await isRunningByUs() };
  });
}

async function runningEngine(): Promise<Engine | undefined> {
  const docker = await findBuildingClient();
  if (!docker || (await unavailability())) return undefined;
  return { docker, started: await isRunningByUs() };
}

/** Why the engine does not answer; undefined when it does. */
async function unavailability(): Promise<string | undefined> {
  const answer = await tryDocker(["version", "--format", "{{.Server.Version}}"]);
  return answer.code === 0 ? undefined : answer.lastLines.join(" ");
}

async function ensureClient(log: Log): Promise<string> {
  const found = await findBuildingClient();
  if (found) return found;
  await installDebianPackages(
    {
      packages: ["docker.io"],
      // Since Debian 13 the client is a package of its own and builds by a plugin.
      whereTheyExist: ["docker-cli", "docker-buildx"],
      why: "build images: no Docker client here can use BuildKit",
    },
    log,
  );
  forgetClient();
  const client = await findBuildingClient();
  if (!client) {
    throw new UserError("No Docker client here can build with BuildKit. Install buildx: apt-get install docker-buildx");
  }
  return client;
}

async function start(problem: string, log: Log): Promise<void> {
  if (/permission denied/i.test(problem)) {
    throw new UserError(
      "The Docker engine runs, but this user may not use it: sudo usermod -aG docker $USER, then log in anew.",
    );
  }
  if (process.env.DOCKER_HOST) {
    throw new UserError(`The Docker engine at DOCKER_HOST=${process.env.DOCKER_HOST} does not answer: ${problem}`);
  }
  if (process.getuid?.() !== 0) {
    throw new UserError("The Docker engine does not run. Start it: sudo systemctl start docker (or: sudo dockerd &)");
  }
  if ((await attempt(["dockerd", "--version"])).code !== 0) {
    await installDebianPackages({ packages: ["docker.io"], why: "run containers" }, log);
  }
  if (existsSync("/run/systemd/system")) await attempt(["systemctl", "start", "docker"]);
  if (await unavailability()) await startDaemon(async () => !(await unavailability()), log);
}
