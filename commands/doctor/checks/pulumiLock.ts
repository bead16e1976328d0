import { ownBackend } from "../../deploy/pulumi.ts";
import { findLocks } from "../../deploy/staleLock.ts";
import { isRunning } from "../../support/process.ts";
import { type Check, ok, warn } from "../check.ts";

/** Locks in a backend in files. */
export const pulumiLock: Check = {
  name: "Pulumi lock",
  why: "A CLI that was killed leaves its lock, and the next one stops at it.",
  look: async ({ machine, read }) => {
    const backend = machine.env.PULUMI_BACKEND_URL || `file://${ownBackend(machine)}`;
    if (!backend.startsWith("file:///")) return ok("kept by the backend");
    const files = await findLocks(backend, "local");
    if (files.length === 0) return ok("none");
    const locks = await Promise.all(files.map(async (file) => ({ file, pid: pidOf(await read(file)) })));
    const held = locks.find(({ pid }) => isRunning(pid, /pulumi/));
    if (held !== undefined) return warn(`an update is under way (process ${held.pid})`, "Wait until it has ended");
    return warn(
      "left by a run that was killed",
      "npm run up takes it away; by hand: npm run pulumi -- cancel --yes --stack local",
    );
  },
};

function pidOf(text: string | undefined): number {
  return Number(/"pid":\s*(\d+)/.exec(text ?? "")?.[1] ?? 0);
}
