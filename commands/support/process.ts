import { spawnSync } from "node:child_process";

/**
 * Whether a process is there whose command fits. The command is looked at because numbers are used again, after a restart of
 * the machine for one.
 */
export function isRunning(pid: number, command = /./): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  const { stdout } = spawnSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  return command.test((stdout ?? "").trim());
}
