import { readdir, readFile, readlink } from "node:fs/promises";
import { createServer } from "node:net";
import { tryDocker } from "../engine/docker.ts";
import { UserError } from "../support/userError.ts";
import { apiPort, type ClusterSettings, NODE_PORTS, nodePorts } from "./settings.ts";

/** How far from one another two sandboxes' first ports are suggested to be. */
const SUGGESTED_STEP = 10;
const SUGGESTIONS = 20;

/** Throws `UserError` that names the occupied ports, who has them, and a free range, unless all are free. */
export async function requireFreePorts(settings: ClusterSettings): Promise<void> {
  const occupied = await occupiedPorts(portsOf(settings));
  if (occupied.length === 0) return;
  const owners = await Promise.all(occupied.map(async (port) => `  ${port}: ${await ownerOf(port)}`));
  const free = await suggestPort(settings);
  throw new UserError(
    `The sandbox "${settings.name}" needs this machine's ports ${settings.nodePort}-${settings.nodePort + NODE_PORTS - 1} ` +
      `and ${apiPort(settings)}, and some of them are taken:\n${owners.join("\n")}\n` +
      `Stop what has them, or give the sandbox others: TODO_STACK_SANDBOX_PORT=${free ?? "<first of ten free ports>"}`,
  );
}

/** Which of these ports cannot be listened at on 127.0.0.1. */
export async function occupiedPorts(ports: readonly number[]): Promise<number[]> {
  const free = await Promise.all(ports.map(isFree));
  return ports.filter((_, index) => !free[index]);
}

function portsOf(settings: ClusterSettings): number[] {
  return [...nodePorts(settings), apiPort(settings)];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}

async function suggestPort(settings: ClusterSettings): Promise<number | undefined> {
  for (let step = 1; step <= SUGGESTIONS; step++) {
    const nodePort = settings.nodePort + step * SUGGESTED_STEP;
    if ((await occupiedPorts(portsOf({ ...settings, nodePort }))).length === 0) return nodePort;
  }
  return undefined;
}

/** Who listens at a port, as far as this user may know. */
async function ownerOf(port: number): Promise<string> {
  const answer = await tryDocker(["ps", "--filter", `publish=${port}`, "--format", "{{.Names}}"]);
  if (answer.code === 0 && answer.stdout) return `published by the container ${answer.stdout.split("\n")[0]}`;
  const process_ = await listeningProcess(port);
  return process_ ? `process ${process_.id} (${process_.name})` : "taken, by a process that this user may not see";
}

/** The inode numbers of the sockets that listen at a port, from the text of `/proc/net/tcp` or `tcp6` (see proc(5)). */
export function listeningSockets(table: string, port: number): string[] {
  const LISTEN = "0A";
  const wanted = port.toString(16).toUpperCase().padStart(4, "0");
  return table
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => local?.endsWith(`:${wanted}`) && state === LISTEN)
    .map((fields) => fields[9] ?? "");
}

async function listeningProcess(port: number): Promise<{ id: string; name: string } | undefined> {
  const tables = ["/proc/net/tcp", "/proc/net/tcp6"].map((file) => readFile(file, "utf8").catch(() => ""));
  const sockets = (await Promise.all(tables)).flatMap((table) => listeningSockets(table, port));
  if (sockets.length === 0) return undefined;
  const wanted = new Set(sockets.map((inode) => `socket:[${inode}]`));
  for (const id of (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry))) {
    for (const file of await readdir(`/proc/${id}/fd`).catch(() => [])) {
      if (!wanted.has(await readlink(`/proc/${id}/fd/${file}`).catch(() => ""))) continue;
      return { id, name: (await readFile(`/proc/${id}/comm`, "utf8").catch(() => "?")).trim() };
    }
  }
  return undefined;
}
