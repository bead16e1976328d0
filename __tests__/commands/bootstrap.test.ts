import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "@jest/globals";

const source = join(import.meta.dirname, "..", "..", "commands", "bootstrap.mjs");
let folder: string;

/** Installs what it is told to by making the files that are looked at; `fails` makes it fail. */
const npm = `#!/bin/sh
PATH=/usr/bin:/bin
echo "$*" >> "$CALLS/npm-calls"
if [ -e "$CALLS/fails" ]; then echo "ENOTFOUND registry"; exit 1; fi
case "$1" in
  ci) rm -rf node_modules; mkdir node_modules; cp package-lock.json node_modules/.package-lock.json ;;
  install) bin="$4/node_modules/\${2%@*}/bin"; mkdir -p "$bin"; ln -s "$REAL_NODE" "$bin/node" ;;
esac
`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "todo-stack-bootstrap-"));
  for (const name of ["commands", "bin"]) mkdirSync(join(folder, name));
  cpSync(source, join(folder, "commands", "bootstrap.mjs"));
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  writeFileSync(join(folder, "package-lock.json"), "{}");
  writeFileSync(join(folder, "bin", "npm"), npm, { mode: 0o755 });
  writeFileSync(
    join(folder, "commands", "up.ts"),
    "const seen: unknown = [process.argv.slice(2), process.env.PATH, process.execPath, process.env.NODE_USE_ENV_PROXY, process.pid];\n" +
      "console.log(JSON.stringify(seen));\nprocess.exit(7);\n",
  );
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const environment = (): NodeJS.ProcessEnv => ({
  PATH: join(folder, "bin"),
  CALLS: folder,
  REAL_NODE: process.execPath,
  TODO_STACK_CACHE: join(folder, "cache"),
});

function bootstrap(args: readonly string[], { node = [] as string[], env = {} } = {}) {
  const all = [...node, join(folder, "commands", "bootstrap.mjs"), ...args];
  return spawnSync(process.execPath, all, { cwd: tmpdir(), env: { ...environment(), ...env }, encoding: "utf8" });
}

function npmCalls(): string[] {
  const file = join(folder, "npm-calls");
  return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
}

/** Makes Node take itself for an older one. */
const older = [
  "--import",
  "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.11.0'}})",
];

test("the command gets its arguments, its exit code comes back, the packages' programs are on PATH", () => {
  const { status, stdout } = bootstrap(["up", "--stack", "local", "--", "--refresh"]);
  expect(status).toBe(7);
  const [args, path] = JSON.parse(stdout) as [string[], string];
  expect(args).toEqual(["--stack", "local", "--", "--refresh"]);
  expect(path.split(":")[1]).toBe(join(folder, "node_modules", ".bin"));
});

test("a Node that can run the command does so itself, one that lacks a setting of its start starts another", () => {
  if (Number(process.versions.node.split(".")[0]) < 24) return;
  const here = bootstrap(["up"]);
  expect((JSON.parse(here.stdout) as unknown[])[4]).toBe(here.pid);
  const other = bootstrap(["up"], { env: { HTTPS_PROXY: "http://proxy.example" } });
  expect((JSON.parse(other.stdout) as unknown[])[4]).not.toBe(other.pid);
});

/** A lockfile with one package, and one for another platform. */
function lock(version: string): void {
  const packages = { "": {}, "node_modules/a": { version }, "node_modules/b": { version: "1.0.0", optional: true } };
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ packages }));
}

test("packages are installed once, and again when the lockfile names others", () => {
  lock("1.0.0");
  bootstrap(["up"]);
  bootstrap(["up"]);
  expect(npmCalls()).toEqual(["ci --ignore-scripts --no-audit --no-fund --loglevel=error"]);
  lock("1.0.1");
  bootstrap(["up"]);
  expect(npmCalls()).toHaveLength(2);
});

test("a package that is missing is installed, unless it is another platform's", () => {
  lock("1.0.0");
  mkdirSync(join(folder, "node_modules"));
  const installed = (packages: object) =>
    writeFileSync(join(folder, "node_modules", ".package-lock.json"), JSON.stringify({ packages }));
  installed({ "node_modules/a": { version: "1.0.0" } });
  bootstrap(["up"]);
  expect(npmCalls()).toEqual([]);
  installed({ "node_modules/b": { version: "1.0.0" } });
  bootstrap(["up"]);
  expect(npmCalls()).toHaveLength(1);
});

test("a failed installation shows what npm said, starts nothing, and the next run works", () => {
  writeFileSync(join(folder, "fails"), "");
  const { status, stderr, stdout } = bootstrap(["up"]);
  expect(status).toBe(1);
  expect(stderr).toContain("ENOTFOUND registry");
  expect(stdout).toBe("");
  rmSync(join(folder, "fails"));
  expect(bootstrap(["up"]).status).toBe(7);
});

test("an older Node brings the pinned one into the cache, once", () => {
  const supported = ["linux-x64", "linux-arm64", "darwin-x64"].includes(`${process.platform}-${process.arch}`);
  if (!supported) return;
  const { stdout } = bootstrap(["up"], { node: older });
  const [, path, execPath] = JSON.parse(stdout) as [string[], string, string];
  expect(path.split(":")[0]).toMatch(/cache\/node-24\.\d+\.\d+\/node_modules\/node-[\w-]+\/bin$/);
  expect(execPath).not.toBe("");
  bootstrap(["up"], { node: older });
  expect(npmCalls().filter((call) => call.startsWith("install node-"))).toHaveLength(1);
});

test("where npm has no Node for the platform, the way to get one is told", () => {
  const arm = [
    "--import",
    "data:text/javascript,Object.defineProperties(process,{platform:{value:'darwin'},arch:{value:'arm64'}})",
  ];
  const { status, stderr } = bootstrap(["up"], { node: [...older, ...arm] });
  expect(status).toBe(1);
  expect(stderr).toContain("Node 20.11.0 is too old");
  expect(stderr).toContain("brew install node");
});

test("proxies of the environment are used by the command's own requests too", () => {
  const { stdout } = bootstrap(["up"], { env: { HTTPS_PROXY: "http://proxy.example" } });
  expect((JSON.parse(stdout) as string[])[3]).toBe("1");
});

test("an unknown command lists the known ones", () => {
  const { status, stderr } = bootstrap(["upp"]);
  expect(status).toBe(2);
  expect(stderr).toContain('There is no command "upp".');
  expect(stderr).toContain("doctor");
  expect(bootstrap(["--help"])).toMatchObject({ status: 0, stdout: expect.stringContaining("down") });
  expect(npmCalls()).toEqual([]);
});

test("a signal reaches the command, and its exit code comes back", async () => {
  writeFileSync(
    join(folder, "commands", "up.ts"),
    'process.on("SIGTERM", () => process.exit(42));\nconsole.log("ready");\nsetInterval(() => undefined, 1000);\n',
  );
  const child = spawn(process.execPath, [join(folder, "commands", "bootstrap.mjs"), "up"], { env: environment() });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  await new Promise((resolve) => child.stdout.once("data", resolve));
  await sleep(50);
  child.kill("SIGTERM");
  expect(await ended).toBe(42);
});
