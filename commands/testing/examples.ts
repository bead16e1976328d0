import { randomBytes } from "node:crypto";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { withCleanup } from "../support/interrupt.ts";
import type { Log } from "../support/log.ts";
import type { Machine } from "../support/machine.ts";
import type { RunResult } from "../support/run.ts";
import { docker, inContainer } from "./container.ts";
import { removeAll, secretly, startDatabase } from "./database.ts";
import { buildLintImage, lintImage } from "./lint.ts";
import { countJunit, oneCheck, sum } from "./report.ts";
import { commandStep, type Outcome, type TestStep } from "./step.ts";

/** The parts of the library's page that need no server. Types are looked at by `next build`, wherever an example is deployed. */
export const examplePageStep: TestStep = commandStep("example page", "frontend", "node", [
  "--test",
  "examples/library/frontend/tests/*.test.ts",
]);

/** The examples' Python: its style, and the library's types and tests against a real PostgreSQL, in the image that has uv. */
export const exampleApiStep: TestStep = {
  name: "example API",
  room: "backend",
  run: async (machine, log) => {
    await buildLintImage(machine, log);
    log("installing packages");
    const name = `todo-examples-${process.pid}`;
    return withCleanup(
      () => testOn(machine, log, name),
      () => removeAll(machine, name),
    );
  },
};

async function testOn(machine: Machine, log: Log, name: string): Promise<Outcome> {
  const password = randomBytes(16).toString("hex");
  await docker(machine, ["network", "create", name]);
  const [installed] = await Promise.all([
    inEnvironment(machine, library, ["uv", "sync", "--frozen", "--no-progress"]),
    startDatabase(machine, name, password),
  ]);
  if (installed.code !== 0) return { counts: oneCheck(false), output: installed.stdout + installed.stderr };
  log("style, types, tests against PostgreSQL");
  const checks = await Promise.all([
    inEnvironment(machine, "examples", ["ruff", "check", "."]),
    inEnvironment(machine, "examples", ["ruff", "format", "--check", "."]),
    inEnvironment(machine, library, ["mypy"]),
  ]);
  const report = join(place(machine), "junit.xml");
  await rm(report, { force: true });
  const tests = await inEnvironment(
    secretly(machine, { TEST_DATABASE_URL: `postgresql+psycopg://todo:${password}@database:5432/todo` }),
    library,
    ["pytest", "--junitxml=/examples/junit.xml"],
    ["--network", name, "--env", "TEST_DATABASE_URL"],
  );
  const xml = await readFile(report, "utf8").catch(() => undefined);
  const failed = checks.filter(({ code }) => code !== 0);
  return {
    counts: sum([
      ...checks.map(({ code }) => oneCheck(code === 0)),
      xml === undefined ? oneCheck(false) : countJunit(xml),
    ]),
    output: [...failed, tests].map(({ stdout, stderr }) => stdout + stderr).join("\n"),
  };
}

/** Where the library's API is, from the checkout's root. */
const library = "examples/library/backend";

/** Where its packages stay, and the report of its tests goes. */
const place = ({ state }: Machine): string => join(state, "examples");

/** Runs a command beside the library's packages. */
async function inEnvironment(
  machine: Machine,
  folder: string,
  command: readonly string[],
  options: readonly string[] = [],
): Promise<RunResult> {
  const cache = join(machine.cache, "uv");
  await Promise.all([cache, place(machine)].map((path) => mkdir(path, { recursive: true })));
  const variables = {
    PATH: "/examples/venv/bin:/usr/local/bin:/usr/bin:/bin",
    PYTHONDONTWRITEBYTECODE: "1",
    UV_CACHE_DIR: "/cache",
    UV_PROJECT_ENVIRONMENT: "/examples/venv",
  };
  return inContainer(machine, lintImage, { folder: machine.root, target: "/repository" }, command, [
    "--workdir",
    `/repository/${folder}`,
    "--volume",
    `${cache}:/cache`,
    "--volume",
    `${place(machine)}:/examples`,
    ...Object.entries(variables).flatMap(([variable, value]) => ["--env", `${variable}=${value}`]),
    ...options,
  ]);
}
