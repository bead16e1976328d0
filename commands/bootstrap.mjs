#!/usr/bin/env node
/**
 * What `npm run <command>` starts. Plain JavaScript for Node 18 and later with built-ins alone, because it is what brings
 * the Node that runs TypeScript and the packages that the commands import.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import module from "node:module";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Node's version in the cache. Its type stripping needs 22.18: https://nodejs.org/api/typescript.html#type-stripping */
const NODE_VERSION = "24.21.0";

const COMMANDS = {
  up: "build, deploy and print the page's URL",
  preview: "show what `up` would change",
  dev: "deploy, then bring each edit into the cluster",
  down: "take the deployment away; --all also the cluster",
  ask: "ask a model that can only read about the deployment",
  doctor: "say what this machine lacks, with the remedy",
  diagnose: "say why a deployment does not work, and what to do next",
  status: "show what runs, and whether it is well",
  open: "show the page in the browser",
  logs: "show what the containers write",
  psql: "a psql in the stack's database",
  test: "every test that needs no cluster",
  e2e: "the end-to-end tests on a real cluster",
  audit: "known vulnerabilities in production dependencies",
  sbom: "what each image consists of, as CycloneDX files",
  bench: "the speed figures, each beside its floor",
  reliability: "what may happen to a deployment, under load, in figures",
  pulumi: "the Pulumi CLI with this checkout's state and passphrase",
  docs: "write the generated pages and editor schemas anew",
};

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache =
  process.env.TODO_STACK_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "todo-stack");

/** A fault that is told in words; anything else shows its stack. */
class SetupError extends Error {}

async function main([command, ...args]) {
  if (command === undefined || command === "--help" || command === "-h") return usage(0);
  if (!Object.hasOwn(COMMANDS, command)) return usage(2, command);
  const file = join(root, "commands", `${command}.ts`);
  if (asksForHelp(args)) return help(file);
  mkdirSync(cache, { recursive: true });
  const node = runsTypeScript(process.versions.node) ? process.execPath : await bringNode();
  const env = childEnvironment(node);
  if (!packagesAreFresh()) await installPackages(env);
  return servesAsItIs(node, env) ? runHere(file, args, env) : start(node, [file, ...args], env);
}

/** Whether this very process can run the command: a second start of Node would only take time. */
function servesAsItIs(node, env) {
  const [major = 0] = process.versions.node.split(".").map(Number);
  // Older ones warn of their type stripping; and proxies are taken from the environment at a start alone.
  return node === process.execPath && major >= 24 && env.NODE_USE_ENV_PROXY === process.env.NODE_USE_ENV_PROXY;
}

/** The command ends the process itself. */
async function runHere(file, args, env) {
  Object.assign(process.env, env);
  module.enableCompileCache(env.NODE_COMPILE_CACHE);
  process.chdir(root);
  process.argv = [process.execPath, file, ...args];
  await import(pathToFileURL(file).href);
  return process.exitCode;
}

function usage(code, unknown) {
  const print = code === 0 ? console.log : console.error;
  if (unknown !== undefined) print(`There is no command "${unknown}". These are there:\n`);
  else print("Usage: node commands/bootstrap.mjs <command> [--help] [arguments]\n");
  for (const [name, what] of Object.entries(COMMANDS)) print(`  ${name.padEnd(11)} ${what}`);
  return code;
}

/** Arguments behind `--` are another program's. */
function asksForHelp(args) {
  const own = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  return own.includes("--help") || own.includes("-h");
}

/** Help needs no package and no newer Node: the text is taken from the command's file as it stands there. */
function help(file) {
  const text = /^const usage = `((?:[^`\\]|\\.)*)`;$/ms.exec(readFileSync(file, "utf8"))?.[1];
  if (text === undefined) throw new Error(`${file} has no usage text`);
  console.log(text.replaceAll("\\`", "`").replaceAll("\\\\", "\\"));
  return 0;
}

/** 22.18 and 23.6 are the first of their lines that strip types without a flag. */
function runsTypeScript(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18);
}

/** The npm packages `node-<platform>-<arch>` carry Node's official binary; npm verifies them by the registry's digests. */
async function bringNode() {
  const platform = `${process.platform}-${process.arch}`;
  const home = join(cache, `node-${NODE_VERSION}`);
  const binary = join(home, "node_modules", `node-${platform}`, "bin", "node");
  if (existsSync(binary)) return binary;
  if (!["linux-x64", "linux-arm64", "darwin-x64"].includes(platform)) throw new SetupError(tooOld(platform));
  const half = `${home}.${process.pid}`;
  try {
    mkdirSync(half, { recursive: true });
    const name = `node-${platform}@${NODE_VERSION}`;
    await npm(`Installing Node ${NODE_VERSION} into the cache`, half, ["install", name, "--prefix", half, "--no-save"]);
    // Another run may have been faster; its folder is as good as ours.
    if (!existsSync(home)) renameSync(half, home);
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
  return binary;
}

function tooOld(platform) {
  const wanted = `Node ${process.versions.node} is too old (22.18 or later is needed), and npm has no Node for ${platform}.`;
  const remedy = process.platform === "darwin" ? "brew install node" : "https://nodejs.org/en/download";
  return `${wanted}\nInstall a newer one: ${remedy}, or with nvm: nvm install ${NODE_VERSION.split(".")[0]}`;
}

function childEnvironment(node) {
  const first = [dirname(node), join(root, "node_modules", ".bin")];
  const env = { ...process.env, PATH: [...first, process.env.PATH ?? ""].join(delimiter) };
  env.NODE_COMPILE_CACHE ||= join(cache, "compile-cache");
  const proxies = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"];
  if (proxies.some((name) => process.env[name])) env.NODE_USE_ENV_PROXY ||= "1";
  return env;
}

/** npm notes what it has installed; only packages for other platforms may be missing of what the lockfile names. */
function packagesAreFresh() {
  const wanted = readPackages(join(root, "package-lock.json")) ?? {};
  const installed = readPackages(join(root, "node_modules", ".package-lock.json"));
  if (installed === undefined) return false;
  return Object.entries(wanted).every(([path, { version, optional, devOptional }]) => {
    const found = installed[path];
    return path === "" || (found === undefined ? optional || devOptional : found.version === version);
  });
}

function readPackages(lockfile) {
  try {
    return JSON.parse(readFileSync(lockfile, "utf8")).packages ?? {};
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
    return undefined;
  }
}

async function installPackages(env) {
  const release = await takeTurn();
  try {
    if (packagesAreFresh()) return;
    await npm("Installing npm packages", root, ["ci"], env);
  } finally {
    release();
  }
}

/** Two commands in a fresh clone must not run `npm ci` into each other. */
async function takeTurn() {
  const lock = join(root, ".state", "setup.lock");
  mkdirSync(dirname(lock), { recursive: true });
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      return () => rmSync(lock, { force: true });
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      if (!isAlive(readPid(lock))) rmSync(lock, { force: true });
      else await new Promise((done) => setTimeout(done, 200));
    }
  }
}

/** The holder may just be writing or removing the file: an unreadable one counts as held for the moment of the wait. */
function readPid(lock) {
  try {
    return Number(readFileSync(lock, "utf8")) || process.pid;
  } catch {
    return process.pid;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

async function npm(title, cwd, args, env = process.env) {
  const since = Date.now();
  const seconds = () => `${((Date.now() - since) / 1000).toFixed(0)} s`;
  const live = process.stderr.isTTY
    ? setInterval(() => process.stderr.write(`\r${title} ... ${seconds()}`), 1000)
    : null;
  if (live === null) console.error(`${title} ...`);
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const { code, output } = await capture("npm", [...args, ...quiet], cwd, env);
  clearInterval(live);
  if (live !== null) process.stderr.write("\r\u001b[K");
  if (code !== 0) {
    throw new SetupError(
      `${title} failed (npm ended with ${code}):\n\n${firstLines(output)}\n\nRun the command again when that is mended.`,
    );
  }
  console.error(`${title}: done (${seconds()}).`);
}

/** npm's reasons come first, its manual after them. */
const firstLines = (output) => output.trim().split("\n").slice(0, 30).join("\n");

function capture(command, args, cwd, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
    child.on("error", (error) =>
      reject(error.code === "ENOENT" ? new SetupError(`${command} is not on PATH; it comes with Node.js.`) : error),
    );
    child.on("close", (code, signal) => resolve({ code: code ?? signal, output }));
  });
}

/** A terminal's Ctrl-C reaches the whole group; a signal sent to this process alone must be passed on. */
function start(node, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, ["--disable-warning=ExperimentalWarning", ...args], { cwd: root, env, stdio: "inherit" });
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
      process.on(signal, () => {
        if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
      });
    }
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(code ?? 128 + (signalNumbers[signal] ?? 0)));
  });
}

const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(error instanceof SetupError ? error.message : error);
    process.exitCode = 1;
  },
);
