import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { up } from "../../commands/deploy/up.ts";
import { UserError } from "../../commands/support/errors.ts";
import type { Machine } from "../../commands/support/machine.ts";
import { fetchOf, localStack, pageUrl, TestMachine } from "./support/machine.ts";

let on: TestMachine;

/** Docker Hub answers, and the page as soon as the stand-in has deployed it. */
const world = fetchOf((url) => {
  if (url.startsWith("https://registry-1.docker.io")) return 401;
  return url.startsWith(pageUrl) && on.has("deployed") ? 200 : undefined;
});

function machineWith(changes: Partial<Machine> = {}): TestMachine {
  on = new TestMachine({ fetch: world, ...changes });
  on.install("pulumi", "minikube", "docker");
  return on;
}

beforeEach(() => {
  machineWith();
});

afterEach(() => {
  on.dispose();
});

/** The error of a run that must fail. */
async function failure(args: readonly string[] = []): Promise<UserError> {
  const error: unknown = await up(args, on.machine).catch((thrown: unknown) => thrown);
  if (error instanceof UserError) return error;
  throw new Error(`expected words for a person, not ${error}`);
}

test("the official way: Minikube with the page's port, then the stack, then pulumi up, in this order", async () => {
  await expect(up([], on.machine)).resolves.toBe(0);
  const { state } = on.machine;
  expect(on.calls()).toEqual([
    "minikube start --profile=minikube --driver=docker --container-runtime=containerd --kubernetes-version=v1.34.0 " +
      "--cpus=4 --memory=4096 --ports=127.0.0.1:30977:30977",
    `pulumi --cwd ${state} --non-interactive stack select --create --stack local`,
    `pulumi up --stack local --config-file ${state}/Pulumi.local.yaml --yes --run-program --skip-preview`,
  ]);
  expect(on.lines()[0]).toBe("Official way: the Pulumi CLI and Minikube.");
  expect(on.lines().at(-1)).toBe(pageUrl);
});

test("the state stays in the checkout, with a passphrase that only its owner reads and git never sees", async () => {
  await up([], on.machine);
  const { state } = on.machine;
  const passphrase = join(state, "passphrase");
  expect(statSync(passphrase).mode & 0o777).toBe(0o600);
  expect(on.read("checkout/.state/passphrase").trim()).toMatch(/^[\w-]{43}$/);
  expect(on.read("checkout/.state/.gitignore")).toBe("*\n");
  const environment = on.read("pulumi-env");
  expect(environment).toContain(`PULUMI_BACKEND_URL=file://${state}/pulumi\n`);
  expect(environment).toContain(`PULUMI_CONFIG_PASSPHRASE_FILE=${passphrase}\n`);
  expect(environment).not.toContain(on.read("checkout/.state/passphrase").trim());
});

test("a user's own backend and passphrase are left alone", async () => {
  Object.assign(on.machine.env, { PULUMI_BACKEND_URL: "s3://mine", PULUMI_CONFIG_PASSPHRASE: "mine" });
  await up([], on.machine);
  expect(on.read("pulumi-env")).toContain("PULUMI_BACKEND_URL=s3://mine\n");
  expect(on.read("pulumi-env")).not.toContain("PASSPHRASE_FILE");
  expect(on.has("checkout/.state/passphrase")).toBe(false);
});

test("the CLI collects its garbage less often, unless somebody has chosen how often", async () => {
  await up([], on.machine);
  expect(on.read("pulumi-env")).toContain("GOGC=400\n");
  on.machine.env.GOGC = "50";
  await up([], on.machine);
  expect(on.read("pulumi-env")).toContain("GOGC=50\n");
});

test("the committed stack file stays as it is; the salt is kept in the effective one over runs", async () => {
  await up([], on.machine);
  await up([], on.machine);
  expect(on.read("checkout/Pulumi.local.yaml")).toBe(localStack);
  const effective: unknown = parse(on.read("checkout/.state/Pulumi.local.yaml"));
  expect(effective).toEqual({
    config: { "todo-stack:context": "minikube", "todo-stack:nodePort": 30977 },
    encryptionsalt: "v1:stand-in",
  });
});

test("a second run starts no cluster, keeps the passphrase and says that nothing changed", async () => {
  await up([], on.machine);
  const passphrase = on.read("checkout/.state/passphrase");
  expect(on.lines().join("\n")).not.toContain("Nothing changed");
  on.write("history", '[{"resourceChanges":{"same":9}}]');
  await up([], on.machine);
  expect(on.calls().filter((call) => call.startsWith("minikube start"))).toHaveLength(1);
  expect(on.lines().at(-2)).toMatch(/^Nothing changed\./);
  expect(on.lines().at(-1)).toBe(pageUrl);
  expect(on.read("checkout/.state/passphrase")).toBe(passphrase);
});

test("arguments behind -- go to pulumi up", async () => {
  await up(["--stack", "local", "--", "--refresh"], on.machine);
  expect(on.calls().at(-1)).toMatch(/--skip-preview --refresh$/);
});

test("root needs --force for Minikube's Docker driver", async () => {
  on.dispose();
  machineWith({ isRoot: true });
  await up([], on.machine);
  expect(on.calls()[0]).toMatch(/ --force$/);
});

test("a profile that is there is started as it is, and stays on down --all", async () => {
  mkdirSync(join(on.folder, ".minikube/profiles/minikube"), { recursive: true });
  writeFileSync(join(on.folder, ".minikube/profiles/minikube/config.json"), "{}");
  await up([], on.machine);
  expect(on.calls()[0]).toBe("minikube start --profile minikube");
  expect(on.has("checkout/.state/clusters.json")).toBe(false);
});

test("a failed pulumi up is told, and the next run works", async () => {
  on.write("fails", "");
  expect((await failure()).message).toContain('"pulumi up" failed (exit code 255)');
  expect(on.has("checkout/.state/lock")).toBe(false);
  await expect(up([], on.machine)).resolves.toBe(0);
});

test("what a killed run left - its lock, the state's lock - does not hinder the next one", async () => {
  await up([], on.machine);
  on.write("checkout/.state/lock", "999999999 up\n");
  lockState({ pid: 999999999, hostname: hostname() });
  await up([], on.machine);
  const calls = on.calls();
  expect(calls.slice(-2)).toEqual(["pulumi cancel --yes --stack local", expect.stringMatching(/^pulumi up /)]);
});

test("a state's lock of another machine, or of a CLI that runs, stays", async () => {
  await up([], on.machine);
  lockState({ pid: 999999999, hostname: "elsewhere" });
  await up([], on.machine);
  const running = spawn("sleep", ["30"], { argv0: "pulumi", stdio: "ignore" });
  try {
    lockState({ pid: running.pid ?? 0, hostname: hostname() });
    await up([], on.machine);
  } finally {
    running.kill();
  }
  expect(on.calls().filter((call) => call.includes("cancel"))).toEqual([]);
});

function lockState(lock: { pid: number; hostname: string }): void {
  const folder = "checkout/.state/pulumi/.pulumi/locks/organization/todo-stack/local";
  mkdirSync(join(on.folder, folder), { recursive: true });
  on.write(`${folder}/1.json`, JSON.stringify(lock));
}

test("two at once: the second one names the first", async () => {
  mkdirSync(on.machine.state);
  on.write("checkout/.state/lock", `${process.pid} up\n`);
  const error = await failure();
  expect(error.message).toBe(`Another "npm run up" (process ${process.pid}) is at work in this checkout.`);
  expect(on.calls()).toEqual([]);
  expect(on.has("checkout/.state/lock")).toBe(true);
});

test("an occupied port is named with its process and the way out, before anything is started", async () => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(30977, "127.0.0.1", done));
  try {
    const error = await failure();
    expect(error.message).toMatch(/^Port 30977 of 127\.0\.0\.1 is occupied by/);
    if (process.platform === "linux") expect(error.message).toContain(`process ${process.pid}`);
    expect(error.remedy).toContain("pulumi config set nodePort 30978 --stack local");
    expect(on.calls()).toEqual([]);
  } finally {
    server.close();
  }
});

test("the port of our own cluster is no obstacle", async () => {
  on.write("ps", "minikube\n");
  const server = createServer();
  await new Promise<void>((done) => server.listen(30977, "127.0.0.1", done));
  await expect(up([], on.machine)).resolves.toBe(0);
  server.close();
});

test.each([
  ["linux", "Cannot connect to the Docker daemon. Is it running?", "sudo systemctl start docker"],
  ["linux", "permission denied while trying to connect to the Docker daemon socket", "sudo usermod -aG docker $USER"],
  ["darwin", "Cannot connect to the Docker daemon. Is it running?", "colima start"],
] as const)("no Docker engine on %s (%s)", async (platform, said, remedy) => {
  on.dispose();
  machineWith({ platform });
  on.write("no-engine", `${said}\n`);
  const error = await failure();
  expect(error.message).toBe(`No Docker engine: ${said}.`);
  expect(error.remedy).toContain(remedy);
  expect(on.calls()).toEqual([]);
});

test("no docker command at all", async () => {
  on.uninstall("docker");
  const error = await failure();
  expect(error.message).toBe("No Docker engine: there is no docker command.");
  expect(error.remedy).toContain("https://docs.docker.com/engine/install/");
});

test("a full disk stops before anything is begun", async () => {
  on.dispose();
  machineWith({ freeBytes: async () => 0.3e9 });
  const error = await failure();
  expect(error.message).toContain("is full: 0.3 GB are free, 2 GB are needed.");
  expect(error.remedy).toContain("docker system prune");
  expect(on.calls()).toEqual([]);
});

test("the prod stack touches no Minikube and asks for no page on this machine", async () => {
  await expect(up(["--stack", "prod"], on.machine)).resolves.toBe(0);
  expect(on.calls().filter((call) => call.startsWith("minikube"))).toEqual([]);
  // With a preview, in which the policies refuse before anything is changed.
  expect(on.calls().at(-1)).toMatch(
    /^pulumi up --stack prod --config-file \S+Pulumi\.prod\.yaml --yes --run-program --policy-pack policy$/,
  );
  expect(on.lines()[0]).toBe('Production: the cluster of context "far-away".');
});

test("the prod stack without a Pulumi CLI is refused with the way to get one", async () => {
  on.uninstall("pulumi");
  const error = await failure(["--stack", "prod"]);
  expect(error.message).toContain('The stack "prod" needs the Pulumi CLI');
  expect(error.remedy).toContain("https://www.pulumi.com/docs/install/");
});

test("a stack without a file, and a file that is no YAML", async () => {
  expect((await failure(["--stack", "test"])).message).toContain("Pulumi.test.yaml");
  on.write("checkout/Pulumi.local.yaml", "config: [\n");
  expect((await failure()).message).toMatch(/Pulumi\.local\.yaml is no YAML/);
});

test("a cluster of somebody else that does not answer is said so before anything is built", async () => {
  on.write("checkout/Pulumi.local.yaml", "config:\n  todo-stack:context: kind-mine\n");
  on.write(
    "bin/kubectl",
    '#!/bin/sh\ncase "$*" in version*) echo v1.34.1;; *) echo "connection refused" >&2; exit 1;; esac\n',
  );
  chmodSync(join(on.folder, "bin/kubectl"), 0o755);
  const error = await failure();
  expect(error.message).toBe('The cluster of context "kind-mine" does not answer: connection refused');
  expect(error.remedy).toContain("pulumi config set context NAME --stack local");
});
