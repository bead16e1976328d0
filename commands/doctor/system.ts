import { availableParallelism, totalmem } from "node:os";
import { leastFreeBytes, nearestExisting } from "../machine/disk.ts";
import { askEngine, engineRemedy } from "../machine/engine.ts";
import type { Machine } from "../support/machine.ts";
import { run } from "../support/run.ts";
import { findVersion } from "../tools/versions.ts";
import { CHECK_TIMEOUT_MS, type Check, type Finding } from "./check.ts";

/** What a first run writes: images, Minikube's own image or the sandbox, build caches; in bytes. */
const comfortableFreeBytes = 10e9;

/** Node itself runs this, so it is there; `bootstrap.mjs` brought it where the machine's was too old. */
export const checkNode: Check = async () => ({ name: "Node.js", status: "ok", found: process.versions.node });

/** npm installs the packages. */
export const checkNpm: Check = async ({ env }) => {
  const { code, stdout } = await run("npm", ["--version"], { env, allowFailure: true, timeoutMs: CHECK_TIMEOUT_MS });
  if (code === 0) return { name: "npm", status: "ok", found: stdout.trim() };
  const remedy = "It comes with Node.js: https://nodejs.org/en/download";
  return { name: "npm", status: "missing", found: "not on PATH", remedy };
};

/** The engine builds the images and holds the local cluster. */
export const checkEngine: Check = async (machine) => {
  const answer = await askEngine(machine, CHECK_TIMEOUT_MS - 300);
  if ("problem" in answer) return missingEngine(machine, answer.problem);
  const { version, cpus, memory } = answer.engine;
  const found = `${version}, ${cpus} CPUs, ${gigabytes(memory)} of memory`;
  const { stdout } = await run("docker", ["version", "--format", "{{.Client.Version}}"], clientOptions(machine));
  const client = findVersion(stdout);
  const buildx = await run("docker", ["buildx", "version"], clientOptions(machine));
  // Clients before 23 have BuildKit's client inside; later ones leave building to buildx.
  if (client !== undefined && client[0] >= 23 && buildx.code !== 0) {
    const remedy = "Install it: https://github.com/docker/buildx#installing   (apt-get install docker-buildx)";
    return {
      name: "Docker engine",
      status: "warn",
      found: `${found}; the client ${client.join(".")} lacks buildx`,
      remedy,
    };
  }
  return { name: "Docker engine", status: "ok", found };
};

const clientOptions = ({ env }: Machine) => ({ env, allowFailure: true, timeoutMs: 1000 });

/** On Linux as root, `up` installs one by itself. */
function missingEngine(machine: Machine, problem: string): Finding {
  const itself = machine.platform === "linux" && machine.isRoot;
  const status = itself ? "warn" : "missing";
  const remedy = itself ? "npm run up installs and starts one" : engineRemedy(machine, problem);
  return { name: "Docker engine", status, found: problem, remedy };
}

/** Free space where images, caches and the checkout are. */
export const checkDisk: Check = async (machine) => {
  const answer = await askEngine(machine, CHECK_TIMEOUT_MS - 300);
  const ofEngine = "engine" in answer && machine.platform === "linux" ? [answer.engine.rootFolder] : [];
  const folders = [machine.root, machine.cache, ...ofEngine].map(nearestExisting);
  const free = Math.min(...(await Promise.all(folders.map((folder) => machine.freeBytes(folder)))));
  const status = free < leastFreeBytes ? "missing" : free < comfortableFreeBytes ? "warn" : "ok";
  const remedy = `Free some space: docker system prune   (a first run writes about ${gigabytes(comfortableFreeBytes)})`;
  return { name: "Disk", status, found: `${gigabytes(free)} free`, ...(status === "ok" ? {} : { remedy }) };
};

/** Two CPUs and 4 GB carry the cluster and the builds. */
export const checkPower: Check = async () => {
  const found = `${availableParallelism()} CPUs, ${gigabytes(totalmem())}`;
  if (availableParallelism() >= 2 && totalmem() >= 3.5e9) return { name: "CPUs and memory", status: "ok", found };
  return { name: "CPUs and memory", status: "warn", found, remedy: "2 CPUs and 4 GB are the least for a cluster" };
};

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
