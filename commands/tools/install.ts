import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, delimiter, dirname, join } from "node:path";
import type { Machine } from "../support/machine.ts";
import { isRunning } from "../support/process.ts";
import { run } from "../support/run.ts";
import { catalog, type Tool, type ToolName, throughMirror } from "./catalog.ts";
import { downloadVerified, UnreachableError } from "./download.ts";
import { type Reach, reach } from "./reach.ts";
import { findVersion, type Version } from "./versions.ts";

/**
 * The path of a tool: the one on PATH where its version fits, the one in the cache, the vendor's download, or for kubectl,
 * Helm, k6 and actionlint, where the vendor cannot be reached, the one built from its Go module.
 *
 * @throws UnreachableError, RefusedDownloadError
 */
export async function ensureTool(machine: Machine, name: ToolName): Promise<string> {
  const present = await findTool(machine, name);
  if (present !== undefined) return present;
  const source = isCompiled(name) ? name : undefined;
  if (source !== undefined && !(await reachTool(machine, name)).answers) return buildTool(machine, source);
  try {
    return await downloadTool(machine, catalog[name]);
  } catch (error) {
    if (source === undefined || !(error instanceof UnreachableError)) throw error;
    return buildTool(machine, source);
  }
}

type CompiledTool = Exclude<ToolName, "pulumi" | "minikube" | "kubectl-ai">;

/** Whether a tool can be had as a Go module too. */
function isCompiled(name: ToolName): name is CompiledTool {
  return name !== "pulumi" && name !== "minikube" && name !== "kubectl-ai";
}

/** Says nothing where it was built before. */
async function buildTool(machine: Machine, name: CompiledTool): Promise<string> {
  return (await machine.sandbox()).toolFromSource(name, machine.log);
}

/** The path of a tool that is here already, on PATH or in the cache. */
export async function findTool(machine: Machine, name: ToolName): Promise<string | undefined> {
  const tool = catalog[name];
  for (const command of tool.commands) {
    const path = findOnPath(machine.env, command);
    if (path === undefined) continue;
    const version = await versionOf(machine, path, tool.versionArgs);
    if (version !== undefined && tool.fits(version)) return path;
  }
  const cached = cachedPath(machine, tool);
  return existsSync(cached) ? cached : undefined;
}

/** Whether a tool that is not here could be downloaded. */
export function reachTool(machine: Machine, name: ToolName): Promise<Reach> {
  const url = catalog[name].checksumUrl(machine.platform, machine.arch);
  return reach(machine, throughMirror(url, machine.env.TODO_STACK_DOWNLOADS));
}

/** Puts a folder first on the PATH of everything that is started from here. */
export function prependPath(env: NodeJS.ProcessEnv, folder: string): void {
  const rest = (env.PATH ?? "").split(delimiter).filter((entry) => entry !== folder);
  env.PATH = [folder, ...rest].join(delimiter);
}

/** The first program of a name on PATH. */
export function findOnPath(env: NodeJS.ProcessEnv, command: string): string | undefined {
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, command)).find((path) => existsSync(path));
}

/** The version that a program says it has; a command asks the same file once. */
export async function versionOf(machine: Machine, path: string, args: readonly string[]): Promise<Version | undefined> {
  const told = toldVersions.get(machine) ?? new Map<string, Version>();
  toldVersions.set(machine, told);
  const file = `${path} ${(await stat(path)).mtimeMs}`;
  const before = told.get(file);
  if (before !== undefined) return before;
  const { code, stdout } = await run(path, args, { env: machine.env, allowFailure: true, timeoutMs: 5000 });
  const version = code === 0 ? findVersion(stdout) : undefined;
  if (version !== undefined) told.set(file, version);
  return version;
}

/** By the machine of a command, which ends with it. */
const toldVersions = new WeakMap<Machine, Map<string, Version>>();

function cachedPath(machine: Machine, tool: Tool): string {
  const inside = tool.inArchive?.(machine.platform, machine.arch) ?? tool.name;
  return join(machine.cache, "downloads", `${tool.name}-${tool.version}`, inside);
}

/** All is made in a folder of another name and renamed: what is in its place is whole. */
async function downloadTool(machine: Machine, tool: Tool): Promise<string> {
  const folder = join(machine.cache, "downloads", `${tool.name}-${tool.version}`);
  const half = `${folder}.${process.pid}`;
  const mirror = machine.env.TODO_STACK_DOWNLOADS;
  const url = throughMirror(tool.url(machine.platform, machine.arch), mirror);
  const checksumUrl = throughMirror(tool.checksumUrl(machine.platform, machine.arch), mirror);
  await removeLeftovers(dirname(folder));
  await mkdir(half, { recursive: true });
  try {
    await machine.log.step(`Downloading ${tool.name} ${tool.version} from ${new URL(url).host}`, async (log) => {
      const file = join(half, tool.inArchive === undefined ? tool.name : basename(url));
      await downloadVerified({ url, checksumUrl }, file, { fetch: machine.fetch, log });
      if (tool.inArchive === undefined) return chmod(file, 0o755);
      await unpack(machine, file, half);
      await rm(file);
    });
    await rm(folder, { recursive: true, force: true });
    await rename(half, folder);
  } finally {
    await rm(half, { recursive: true, force: true });
  }
  return cachedPath(machine, tool);
}

/** GNU's tar reads no zip, and macOS, for which alone some vendors zip, has an unzip of its own. */
async function unpack({ env }: Machine, archive: string, folder: string): Promise<void> {
  if (archive.endsWith(".zip")) await run("unzip", ["-q", archive, "-d", folder], { env });
  else await run("tar", ["-xzf", archive, "-C", folder], { env });
}

/** Half downloads of runs that were killed. */
async function removeLeftovers(tools: string): Promise<void> {
  const names = await readdir(tools).catch(() => []);
  const dead = names.filter((name) => isHalf(name));
  for (const name of dead) await rm(join(tools, name), { recursive: true, force: true });
}

/** `helm3-3.22.0.4711` is half, `helm3-3.22.0` is not. */
function isHalf(name: string): boolean {
  const pid = /^.+-\d+\.\d+\.\d+\.(\d+)$/.exec(name)?.[1];
  return pid !== undefined && !isRunning(Number(pid));
}
