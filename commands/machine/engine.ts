import { existsSync } from "node:fs";
import { mkdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { prepareState } from "../deploy/settings.ts";
import { UserError } from "../support/errors.ts";
import type { Machine } from "../support/machine.ts";
import { run } from "../support/run.ts";
import { findOnPath, prependPath } from "../tools/install.ts";

/** What the Docker engine says of itself. */
export interface Engine {
  readonly version: string;
  readonly cpus: number;
  /** What the engine has, which in a virtual machine is less than the computer has; in bytes. */
  readonly memory: number;
  /** Where it keeps images, as a path on the engine's own machine. */
  readonly rootFolder: string;
}

/** How the engine answers: with itself, or with why it does not. */
export type EngineAnswer = { readonly engine: Engine } | { readonly problem: string };

/** Asks the Docker engine. */
export async function askEngine(machine: Machine, timeoutMs = 10_000): Promise<EngineAnswer> {
  if (findOnPath(machine.env, "docker") === undefined) return { problem: "there is no docker command" };
  const args = ["info", "--format", "{{json .}}"];
  const result = await run("docker", args, { env: machine.env, allowFailure: true, timeoutMs });
  if (result.code === 124) return { problem: `the engine does not answer within ${timeoutMs / 1000} s` };
  const told = parseInfo(result.stdout);
  return told === undefined ? { problem: lastLine(result.stderr) } : { engine: told };
}

/** `docker info` answers 0 in some versions also where there is no engine; then the server's fields are empty. */
function parseInfo(text: string): Engine | undefined {
  try {
    const info = JSON.parse(text) as {
      ServerVersion?: string;
      NCPU?: number;
      MemTotal?: number;
      DockerRootDir?: string;
    };
    if (!info.ServerVersion) return undefined;
    const { ServerVersion: version, NCPU: cpus = 0, MemTotal: memory = 0, DockerRootDir: rootFolder = "" } = info;
    return { version, cpus, memory, rootFolder };
  } catch {
    return undefined;
  }
}

/**
 * Brings a Docker engine that answers: the one that is there, or on Linux as root Debian's package.
 *
 * @throws UserError with this machine's way to get one.
 */
export async function ensureEngine(machine: Machine): Promise<Engine> {
  const answer = await askEngine(machine);
  if ("engine" in answer) return answer.engine;
  if (!mayInstall(machine))
    throw new UserError(`No Docker engine: ${answer.problem}.`, engineRemedy(machine, answer.problem));
  await machine.log.step("Installing and starting a Docker engine", (log) => useSandboxEngine(machine, log));
  const second = await askEngine(machine);
  if ("engine" in second) return second.engine;
  throw new UserError(`No Docker engine: ${second.problem}.`, engineRemedy(machine, second.problem));
}

/** Starts Debian's engine where none answers, and makes its client the one that is used: it fits the engine. */
export async function useSandboxEngine(machine: Machine, log: (line: string) => void): Promise<string> {
  const sandbox = await machine.sandbox();
  const { docker } = await sandbox.ensureEngine(log);
  await keepClient(machine, docker);
  useKnownClient(machine);
  return docker;
}

/** Makes the client that an earlier command has chosen the one that is used; without one, the PATH stays as it is. */
export function useKnownClient(machine: Machine): void {
  const folder = knownClientFolder(machine);
  if (folder === undefined) return;
  prependPath(machine.env, folder);
  machine.env.DOCKER_BUILDKIT = "1";
}

/** The folder with the client that an earlier command has chosen, and nothing else. */
export function knownClientFolder(machine: Machine): string | undefined {
  const folder = clientFolder(machine);
  return existsSync(folder) ? folder : undefined;
}

const clientFolder = (machine: Machine): string => join(machine.state, "bin");

/** Its own folder, such as /usr/bin, may hold an older Node too: so a folder with nothing but the client goes first. */
async function keepClient(machine: Machine, docker: string): Promise<void> {
  const folder = clientFolder(machine);
  const link = join(folder, "docker");
  // A search that had the folder on its PATH already finds the link itself.
  if (docker !== link) {
    await prepareState(machine);
    await mkdir(folder, { recursive: true });
    await rm(link, { force: true });
    await symlink(docker, link);
  }
}

/** A remote engine that does not answer is not mended by installing another one. */
function mayInstall(machine: Machine): boolean {
  const remote = machine.env.DOCKER_HOST !== undefined && !machine.env.DOCKER_HOST.startsWith("unix:");
  return machine.platform === "linux" && machine.isRoot && !remote && findOnPath(machine.env, "apt-get") !== undefined;
}

/** What a person does on this machine to get an engine. */
export function engineRemedy(machine: Machine, problem: string): string {
  if (machine.platform === "darwin") {
    const desktop = "Start Docker Desktop (https://docs.docker.com/desktop/setup/install/mac-install/)";
    return `${desktop},\nor without it: brew install colima docker && colima start --cpu 2 --memory 4`;
  }
  if (/permission denied/i.test(problem)) {
    return "Join its group, then log in again: sudo usermod -aG docker $USER";
  }
  if (findOnPath(machine.env, "docker") !== undefined) {
    return "Start it: sudo systemctl start docker   (https://docs.docker.com/engine/daemon/start/)";
  }
  return "Install it: https://docs.docker.com/engine/install/   (or: curl -fsSL https://get.docker.com | sudo sh)";
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() || "it does not answer";
}
