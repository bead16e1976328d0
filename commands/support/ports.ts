import { readdir, readFile, readlink } from "node:fs/promises";
import { createServer } from "node:net";
import { run } from "./run.ts";

/** Whether something listens on a port of 127.0.0.1. */
export function isOccupied(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(true));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(false)));
  });
}

/** Who listens on a port, for people: `nginx (process 123)`; `undefined` where it cannot be told. */
export async function listenerOn(port: number, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const container = await containerOn(port, env);
  if (container !== undefined) return `the container "${container}"`;
  if (process.platform === "linux") return processOnLinux(port);
  const args = ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpc"];
  const { stdout } = await run("lsof", args, { env, allowFailure: true, timeoutMs: 3000 });
  const pid = /^p(\d+)$/m.exec(stdout)?.[1];
  return pid === undefined ? undefined : `${/^c(.+)$/m.exec(stdout)?.[1] ?? "a process"} (process ${pid})`;
}

/** The name of the container that publishes a port. */
export async function containerOn(port: number, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const args = ["ps", "--filter", `publish=${port}`, "--format", "{{.Names}}"];
  const { code, stdout } = await run("docker", args, { env, allowFailure: true, timeoutMs: 3000 });
  return code === 0 ? stdout.trim().split("\n")[0] || undefined : undefined;
}

/** /proc names the socket of a listening port, and each process its sockets; other users' are seen by root only. */
async function processOnLinux(port: number): Promise<string | undefined> {
  const socket = (await listeningSockets()).get(port);
  if (socket === undefined) return undefined;
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    if (!(await socketsOf(pid)).includes(`socket:[${socket}]`)) continue;
    const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "a process");
    return `${name.trim()} (process ${pid})`;
  }
  return undefined;
}

/** Port to inode; column 1 is the local address, column 3 the state (0A is LISTEN), column 9 the inode. */
async function listeningSockets(): Promise<Map<number, string>> {
  const tables = await Promise.all(
    ["tcp", "tcp6"].map((name) => readFile(`/proc/net/${name}`, "utf8").catch(() => "")),
  );
  const rows = tables.flatMap((table) => table.split("\n")).map((line) => line.trim().split(/\s+/));
  return new Map(
    rows
      .filter((row) => row[3] === "0A")
      .map((row) => [Number.parseInt(row[1]?.split(":")[1] ?? "", 16), row[9] ?? ""]),
  );
}

async function socketsOf(pid: string): Promise<readonly string[]> {
  const handles = await readdir(`/proc/${pid}/fd`).catch(() => []);
  return Promise.all(handles.map((handle) => readlink(`/proc/${pid}/fd/${handle}`).catch(() => "")));
}
