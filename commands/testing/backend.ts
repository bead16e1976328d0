import { randomBytes } from "node:crypto";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { withCleanup } from "../support/interrupt.ts";
import type { Log } from "../support/log.ts";
import type { Machine } from "../support/machine.ts";
import type { RunResult } from "../support/run.ts";
import { docker, inContainer, type Mount, prepareEngine } from "./container.ts";
import { removeAll, secretly, startDatabase } from "./database.ts";
import { type Counts, countJunit, oneCheck, sum } from "./report.ts";
import type { Outcome, TestStep } from "./step.ts";

/** The image with the tests' own packages. */
const testImage = "todo-backend-test";

/** Python of this repository, with the settings of its linters and its tests. */
interface Room {
  /** For reports. */
  readonly name: string;
  /** What of the checkout is mounted where. */
  readonly mount: Mount;
  /** The folder that commands run in, as the container sees it. */
  readonly workdir: string;
}

/** The API, and what the images of other applications get, whose linters take the API's rules. */
const rooms: readonly Room[] = [
  { name: "backend", mount: { folder: join("apps", "backend"), target: "/app" }, workdir: "/app" },
  { name: "own", mount: { folder: ".", target: "/repository" }, workdir: "/repository/docker/own" },
];

/** Python: its rules of style, its tests against a real PostgreSQL, and a start of the API's image, all in containers. */
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
    Promise.all(rooms.map((room) => checkSource(machine, room))),
    // Its only step starts the server in the image.
    docker(machine, build("smoke"), true),
    startDatabase(machine, name, password),
  ]);
  const checks = [...source.flat(), image];
  log("tests against PostgreSQL");
  const reports = join(machine.state, "reports", "backend");
  await rm(reports, { recursive: true, force: true });
  await mkdir(reports, { recursive: true });
  const withDatabase = secretly(machine, { TEST_DATABASE_URL: `postgresql://todo:${password}@database:5432/todo` });
  const options = ["--network", name, "--volume", `${reports}:/reports`, "--env", "TEST_DATABASE_URL"];
  const tests = await Promise.all(rooms.map((room) => testRoom(withDatabase, room, reports, options)));
  return {
    counts: sum([...checks.map(({ code }) => oneCheck(code === 0)), ...tests.map(({ counts }) => counts)]),
    output: [...checks.filter(({ code }) => code !== 0), ...tests.map(({ result }) => result)]
      .map((result) => result.stdout + result.stderr)
      .join("\n"),
  };
}

/** Runs the tests of one room, and counts them by the report that they write. */
async function testRoom(
  machine: Machine,
  room: Room,
  reports: string,
  options: readonly string[],
): Promise<{ readonly counts: Counts; readonly result: RunResult }> {
  const file = `${room.name}.xml`;
  const result = await inTestImage(machine, room, options, ["pytest", `--junitxml=/reports/${file}`]);
  const report = await readFile(join(reports, file), "utf8").catch(() => undefined);
  return { counts: report === undefined ? oneCheck(false) : countJunit(report), result };
}

/** Each counts as one test, and its output says whose it is. */
async function checkSource(machine: Machine, room: Room): Promise<readonly RunResult[]> {
  const commands = [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]];
  return Promise.all(
    commands.map(async (command) => {
      const result = await inTestImage(machine, room, [], command);
      return { ...result, stdout: `${room.name}: ${command.join(" ")}:\n${result.stdout}` };
    }),
  );
}

/** Source and tests are mounted; reports belong to whoever runs this. */
function inTestImage(
  machine: Machine,
  { mount, workdir }: Room,
  options: readonly string[],
  command: readonly string[],
): Promise<RunResult> {
  const source = { ...mount, folder: join(machine.root, mount.folder) };
  return inContainer(machine, testImage, source, command, ["--workdir", workdir, ...options]);
}
