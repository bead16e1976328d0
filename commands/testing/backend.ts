import { randomBytes } from "node:crypto";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { withCleanup } from "../support/interrupt.ts";
import type { Log } from "../support/log.ts";
import type { Machine } from "../support/machine.ts";
import type { RunResult } from "../support/run.ts";
import { docker, inContainer, prepareEngine } from "./container.ts";
import { removeAll, secretly, startDatabase } from "./database.ts";
import { countJunit, oneCheck, sum } from "./report.ts";
import type { Outcome, TestStep } from "./step.ts";

/** The image with the tests' own packages. */
const testImage = "todo-backend-test";

/** The API: its rules of style, its tests against a real PostgreSQL, and a start of its image, all in containers. */
export const backendStep: TestStep = {
  name: "backend",
  room: "backend",
  run: async (machine, log) => {
    await prepareEngine(machine, log);
    log("building the test image");
    await docker(machine, build("test", "--tag", testImage));
    const name = `todo-test-${process.pid}`;
    return withCleanup(
      () => testOn(machine, log, name),
      () => removeAll(machine, name),
    );
  },
};

const build = (stage: string, ...options: readonly string[]): readonly string[] => [
  "build",
  "--file",
  "docker/backend.Dockerfile",
  "--target",
  stage,
  ...options,
  ".",
];

async function testOn(machine: Machine, log: Log, name: string): Promise<Outcome> {
  const password = randomBytes(16).toString("hex");
  await docker(machine, ["network", "create", name]);
  const [source, image] = await Promise.all([
    checkSource(machine),
    // Its only step starts the server in the image.
    docker(machine, build("smoke"), true),
    startDatabase(machine, name, password),
  ]);
  const checks = [...source, image];
  log("tests against PostgreSQL");
  const reports = join(machine.state, "reports", "backend");
  await rm(reports, { recursive: true, force: true });
  await mkdir(reports, { recursive: true });
  const tests = await inTestImage(
    secretly(machine, { TEST_DATABASE_URL: `postgresql://todo:${password}@database:5432/todo` }),
    ["--network", name, "--volume", `${reports}:/reports`, "--env", "TEST_DATABASE_URL"],
    ["pytest", "--junitxml=/reports/junit.xml"],
  );
  const report = await readFile(join(reports, "junit.xml"), "utf8").catch(() => undefined);
  const counted = report === undefined ? oneCheck(false) : countJunit(report);
  return {
    counts: sum(checks.map(({ code }) => oneCheck(code === 0)).concat(counted)),
    output: [...checks.filter(({ code }) => code !== 0), tests]
      .map((result) => result.stdout + result.stderr)
      .join("\n"),
  };
}

/** Each counts as one test, and its output says whose it is. */
async function checkSource(machine: Machine): Promise<readonly RunResult[]> {
  const commands = [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]];
  return Promise.all(
    commands.map(async (command) => {
      const result = await inTestImage(machine, [], command);
      return { ...result, stdout: `${command.join(" ")}:\n${result.stdout}` };
    }),
  );
}

/** Source and tests are mounted where the image expects them; reports belong to whoever runs this. */
function inTestImage(machine: Machine, options: readonly string[], command: readonly string[]): Promise<RunResult> {
  const source = { folder: join(machine.root, "apps", "backend"), target: "/app" };
  return inContainer(machine, testImage, source, command, options);
}
