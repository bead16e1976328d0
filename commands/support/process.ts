import { spawnSync } from "node:child_process";

/**
 * Whether a process is there whose command fits. The command is looked at because numbers are used again, after a restart of
 * the machine for one.
 */
export function isRunning(pid: number, command = /./): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  const { stdout } = spawnSync("ps", ["-o", "stat=,command=", "-p", String(pid)], { encoding: "utf8" });
  const [state = "", ...rest] = (stdout ?? "").trim().split(/\s+/);
  // A process that was killed stays in the list, as a zombie, until its parent has looked at it.
  return state !== "" && !state.startsWith("Z") && command.test(rest.join(" "));
}
