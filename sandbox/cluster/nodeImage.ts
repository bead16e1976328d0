import { cp, link, mkdir, rm } from "node:fs/promises";
import { arch } from "node:os";
import { dirname, join } from "node:path";
import { ensureDebian } from "../bases/debian.ts";
import { docker, inspect, tryDocker } from "../engine/docker.ts";
import { sandboxCache } from "../support/cache.ts";
import { keyOf, keyOfFiles } from "../support/hash.ts";
import { withLock } from "../support/lock.ts";
import { type Log, withProgress } from "../support/log.ts";
import { KUBERNETES, type Program } from "../tools/catalogue.ts";
import { type Compiled, compile, keysOfPrograms } from "../tools/compile.ts";
import { SANDBOX_LABEL } from "./label.ts";

const HERE = dirname(import.meta.filename);
const REPOSITORY = "todo-sandbox-node";
const ON_THE_NODE: readonly Program[] = [...KUBERNETES, "sandbox-node"];
/** Images that the node brings with it; the manifests and containerd's configuration name them. */
const IN_CONTAINERS = ["pause", "coredns"] as const;
const PROGRAMS: readonly Program[] = [...ON_THE_NODE, ...IN_CONTAINERS];

/** A key of everything that the node image is made of: program versions, scripts, configuration. */
export async function nodeImageKey(): Promise<string> {
  return keyOf(arch(), ...(await keysOfPrograms(PROGRAMS)), await keyOfFiles(join(HERE, "node"), join(HERE, "images")));
}

/**
 * Makes the node image unless the engine has it: compiles Kubernetes on first use, which takes minutes.
 * @returns its name
 */
export async function ensureNodeImage(log: Log): Promise<string> {
  const image = `${REPOSITORY}:${await nodeImageKey()}`;
  if (await inspect("image", image)) return image;
  return withLock(sandboxCache("node-image.lock"), "making the node image", log, async () => {
    if (await inspect("image", image)) return image;
    log("The sandbox's node is made now, once for this machine; it can be interrupted and goes on where it was.");
    // Packages are mostly waited for, compiling is mostly computing: both at a time.
    const [debian, programs] = await Promise.all([ensureDebian(log), compile(PROGRAMS, log)]);
    await withProgress(log, "making the node image", "1 min", () => build(image, debian, programs));
    await removeOthers(image);
    return image;
  });
}

async function build(image: string, debian: string, programs: Record<string, Compiled>): Promise<void> {
  const stage = sandboxCache("stage");
  const logFile = sandboxCache("logs", "node-image.log");
  await rm(stage, { recursive: true, force: true });
  await cp(join(HERE, "node"), stage, { recursive: true });
  await stagePrograms(join(stage, "bin"), ON_THE_NODE, programs);
  await saveImages(join(stage, "images.tar"), programs, logFile);
  const labels = ["--label", `${SANDBOX_LABEL}.image=true`];
  await docker(["build", ...labels, "--build-arg", `DEBIAN_IMAGE=${debian}`, "--tag", image, stage], { logFile });
  await rm(stage, { recursive: true });
}

async function saveImages(archive: string, programs: Record<string, Compiled>, logFile: string): Promise<void> {
  const names: string[] = [];
  for (const program of IN_CONTAINERS) {
    const stage = sandboxCache(`stage-${program}`);
    await rm(stage, { recursive: true, force: true });
    await stagePrograms(stage, [program], programs);
    const name = `sandbox.local/${program}:1`;
    await docker(["build", "--file", join(HERE, "images", `${program}.Dockerfile`), "--tag", name, stage], { logFile });
    await rm(stage, { recursive: true });
    names.push(name);
  }
  await docker(["save", "--output", archive, ...names]);
  await docker(["image", "rm", ...names]);
}

/** Puts programs into a folder, without copying where the file system allows it. */
async function stagePrograms(
  folder: string,
  names: readonly Program[],
  programs: Record<string, Compiled>,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of names) {
    const path = programs[name]?.path as string;
    await link(path, join(folder, name)).catch(() => cp(path, join(folder, name)));
  }
}

/** Removes the node images of other versions, except those that a container still uses. */
async function removeOthers(image: string): Promise<void> {
  const all = await docker(["image", "ls", "--format", "{{.Repository}}:{{.Tag}}", REPOSITORY]);
  for (const other of all.split("\n")) {
    if (other && other !== image) await tryDocker(["image", "rm", other]);
  }
}
