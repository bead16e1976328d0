import { execFileSync } from "node:child_process";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { ApplicationOnDisk } from "../support/applicationFolder.ts";
import { runProgram } from "../support/program.ts";
import { apiServer, Workspace } from "../support/workspace.ts";

const config = { context: "cluster-eu", registry: "ghcr.io/acme", host: "todo.example.com" };
const secretConfig = { databaseUrl: "postgresql://app:marker@db.example.com/app?sslmode=require" };

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
  workspace.writeKubeconfig({ "cluster-eu": apiServer.url });
});
afterEach(() => {
  delete process.env.TODO_STACK_ALLOW;
  workspace.remove();
});

const production = (extra: Record<string, unknown> = {}, preview = false) =>
  runProgram({ stack: "prod", config: { ...config, ...extra }, secretConfig, preview });

function git(...args: string[]): void {
  const identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
  execFileSync("git", [...identity, ...args], { cwd: workspace.folder });
}

function commitEverything(): void {
  git("init", "--quiet");
  git("add", "--all");
  git("commit", "--quiet", "--message", "all");
}

test("a clean work tree is deployed", async () => {
  commitEverything();
  await expect(production()).resolves.toBeDefined();
});

test("a work tree that differs from the last commit is refused, with the files and the way to allow it", async () => {
  commitEverything();
  workspace.edit("apps/backend/src/todo/server.py", "# not committed");
  workspace.write("chart/untracked.txt", "new");
  await expect(production()).rejects.toThrow(
    /update of stack "prod" is refused. Nothing was changed.*server\.py.*chart\/untracked\.txt.*TODO_STACK_ALLOW=dirty npm run up -- --stack prod/s,
  );
  process.env.TODO_STACK_ALLOW = "dirty";
  await expect(production()).resolves.toBeDefined();
});

test("an own application beside the work tree is one, too: what is not committed there is named", async () => {
  commitEverything();
  const application = new ApplicationOnDisk({ Dockerfile: "FROM scratch\n", "main.py": "1" });
  const git = (...args: string[]) => execFileSync("git", args, { cwd: application.path });
  git("init", "--quiet");
  try {
    await expect(production({ backend: { path: application.path } })).rejects.toThrow(/work tree differs.*main\.py/);
    git("add", "--all");
    git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "--message", "all");
    process.env.TODO_STACK_ALLOW = "dirty";
    // What was put together for the build is no edit: the real .gitignore leaves .state out.
    await expect(production({ backend: { path: application.path } })).resolves.toBeDefined();
  } finally {
    application.remove();
  }
});

test("a preview of such a work tree goes on", async () => {
  commitEverything();
  workspace.edit("chart/values.yaml", "# not committed");
  await expect(production({}, true)).resolves.toBeDefined();
});

test.each([
  [{ env: { LOG_LEVEL: "debug" } }, "env.LOG_LEVEL"],
  [{ env: { APP_DEBUG: "true" } }, "env.APP_DEBUG"],
  [{ values: { backend: { logLevel: "DEBUG" } } }, "values.backend.logLevel"],
])("a debug value (%j) is refused with the command that removes it", async (extra, key) => {
  await expect(production(extra)).rejects.toThrow(`pulumi config rm --stack prod --path ${key}`);
  process.env.TODO_STACK_ALLOW = "dirty, debug";
  await expect(production(extra)).resolves.toBeDefined();
});

test("a database that is spoken to in plain text is refused, and deployed when it is allowed for once", async () => {
  const databaseUrl = "postgresql://app:marker@db.example.com/app?sslmode=disable";
  const plain = (preview = false) => runProgram({ stack: "prod", config, secretConfig: { databaseUrl }, preview });
  await expect(plain()).rejects.toThrow(
    /readable on the way.*TODO_STACK_ALLOW=plain-database npm run up -- --stack prod/s,
  );
  await expect(plain(true)).resolves.toBeDefined();
  process.env.TODO_STACK_ALLOW = "plain-database";
  await expect(plain()).resolves.toBeDefined();
});

test("every objection is told at once, and what is allowed is only what was named", async () => {
  commitEverything();
  workspace.edit("chart/values.yaml", "# not committed");
  process.env.TODO_STACK_ALLOW = "debug";
  const refused = production({ env: { LOG_LEVEL: "debug" } });
  await expect(refused).rejects.toThrow(/TODO_STACK_ALLOW=dirty npm run up/);
  delete process.env.TODO_STACK_ALLOW;
  await expect(production({ env: { LOG_LEVEL: "debug" } })).rejects.toThrow(/TODO_STACK_ALLOW=dirty,debug/);
});

test("other values of the same names, and a local stack, pass", async () => {
  await expect(production({ env: { LOG_LEVEL: "info", DEBUG: "0" } })).resolves.toBeDefined();
  workspace.writeKubeconfig({ minikube: apiServer.url });
  await expect(runProgram({ stack: "local", config: { env: { LOG_LEVEL: "debug" } } })).resolves.toBeDefined();
});
