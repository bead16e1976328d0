import { freemem, totalmem } from "node:os";
import { type Check, missing, ok, warn } from "../check.ts";
import type { Examination } from "../examination.ts";

/** What the cluster, the application and a build take at once, in bytes. */
const comfortable = 3.5e9;
/** Kubernetes alone does not start below, in bytes: https://minikube.sigs.k8s.io/docs/start/ */
const least = 1.8e9;

/** Memory, free on this machine and offered by the engine. */
export const memory: Check = {
  name: "Memory",
  why: "What the cluster lacks, the kernel takes back by ending pods.",
  look: async (at) => {
    const answer = await at.engine();
    const offered = "engine" in answer ? (answer.engine.MemTotal ?? totalmem()) : totalmem();
    const free = await available(at);
    const found = `${gigabytes(offered)} in the engine, ${gigabytes(free)} free here`;
    if (offered < least) return missing(found, remedy(at));
    // A cluster that runs already has taken its part of what is free.
    const { record } = await at.stack();
    return offered >= comfortable && (record !== undefined || free >= least) ? ok(found) : warn(found, remedy(at));
  },
};

/** Memory that can be had; Linux counts caches as taken in what it calls free. */
async function available({ read }: Examination): Promise<number> {
  const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec((await read("/proc/meminfo")) ?? "")?.[1];
  return kibibytes === undefined ? freemem() : Number(kibibytes) * 1024;
}

function remedy({ system }: Examination): string {
  if (system.kind === "macos")
    return "Docker Desktop > Settings > Resources > Memory: 4 GB, or: colima start --memory 4";
  if (system.kind === "wsl")
    return "memory=6GB under [wsl2] in %UserProfile%\\.wslconfig, then in Windows: wsl --shutdown";
  return "End other programs, or give the machine 4 GB";
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
