import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "@jest/globals";

const fixture = join(import.meta.dirname, "support", "interrupted.ts");

/** Starts the command, and comes back when its program runs. */
async function started(...args: string[]) {
  const folder = mkdtempSync(join(tmpdir(), "todo-stack-interrupt-"));
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", fixture, folder, ...args]);
  let printed = "";
  child.stderr.on("data", (data) => {
    printed += data;
  });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  while (!existsSync(join(folder, "started"))) await sleep(20);
  await sleep(100);
  return { folder, child, said: () => printed, ended };
}

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s ends the child, cleans up, frees the lock and begins nothing new", async (signal, code) => {
  const { folder, child, said, ended } = await started();
  child.kill(signal);
  expect(await ended).toBe(code);
  expect(said()).toContain("run the same command again");
  const there = ["cleaned", "went-on", "lock"].filter((name) => existsSync(join(folder, name)));
  expect(there).toEqual(["cleaned"]);
  rmSync(folder, { recursive: true });
});

test.each([
  ["a second Ctrl-C accepts an offer", 20_000, true],
  ["an offer that nobody takes passes", 200, false],
] as const)("%s", async (_what, milliseconds, again) => {
  const { folder, child, said, ended } = await started(String(milliseconds));
  child.kill("SIGINT");
  while (!said().includes("an offer")) await sleep(20);
  // What comes within a second of the first is the same signal, passed on by a parent.
  await sleep(1100);
  if (again) child.kill("SIGINT");
  expect(await ended).toBe(130);
  expect(existsSync(join(folder, "accepted"))).toBe(again);
  rmSync(folder, { recursive: true });
});
