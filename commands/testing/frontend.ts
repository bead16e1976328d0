import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../support/log.ts";
import type { Machine } from "../support/machine.ts";
import { run } from "../support/run.ts";
import { outcomeOf, reportFile } from "./program.ts";
import { oneCheck, sum } from "./report.ts";
import type { Outcome, TestStep } from "./step.ts";

/** The page: its types, and its components in a simulated browser. */
export const frontendStep: TestStep = {
  name: "frontend",
  room: "frontend",
  run: async (machine, log) => {
    const cwd = join(machine.root, "apps", "frontend");
    const options = { cwd, env: { ...machine.env, CI: "true" } };
    const pnpm = await ensurePnpm(machine, log);
    log("installing packages");
    await run(pnpm, ["install", "--frozen-lockfile"], options);
    log("types, then tests");
    const types = await run(pnpm, ["run", "typecheck"], { ...options, allowFailure: true });
    const report = await reportFile(machine, "frontend.json");
    const args = ["exec", "vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const tests = await run(pnpm, args, { ...options, allowFailure: true });
    const { counts, output } = await outcomeOf(report, tests.stdout + tests.stderr);
    return withTypes(types.code === 0, types.stdout + types.stderr, { counts, output });
  },
};

function withTypes(passes: boolean, told: string, { counts, output }: Outcome): Outcome {
  return { counts: sum([oneCheck(passes), counts]), output: passes ? output : `${told}\n${output}` };
}

/** Brings pnpm of the very version that the image builds with, which the Dockerfile pins, and gives back its path. */
export async function ensurePnpm(machine: Machine, log: Log): Promise<string> {
  const version = await pnpmVersion(machine);
  const folder = join(machine.cache, `pnpm-${version}`);
  const binary = join(folder, "node_modules", ".bin", "pnpm");
  if (existsSync(binary)) return binary;
  log(`bringing pnpm ${version}`);
  const half = `${folder}.${process.pid}`;
  await mkdir(half, { recursive: true });
  const quiet = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  await run("npm", ["install", "--prefix", half, `pnpm@${version}`, ...quiet], { cwd: half, env: machine.env });
  await rm(folder, { recursive: true, force: true });
  await rename(half, folder);
  return binary;
}

async function pnpmVersion(machine: Machine): Promise<string> {
  const dockerfile = await readFile(join(machine.root, "docker", "frontend.Dockerfile"), "utf8").catch(() => "");
  return /pnpm@(\d+\.\d+\.\d+)/.exec(dockerfile)?.[1] ?? "12.21.0";
}
