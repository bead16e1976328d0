import { readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openDeployed } from "../../commands/deploy/deployed.ts";
import { loginOf, readExternalLogin } from "../../commands/psql/external.ts";
import { parsePsqlArgs, psql } from "../../commands/psql/psql.ts";
import { ApiServer } from "../support/apiServer.ts";
import { deployOn } from "./support/deployed.ts";
import { TestMachine } from "./support/machine.ts";

const server = await ApiServer.start();
const inNamespace = "/api/v1/namespaces/todo";
const apps = "/apis/apps/v1/namespaces/todo";
let on: TestMachine;

beforeEach(() => {
  server.reset();
  on = new TestMachine();
  deployOn(on, server);
});
afterEach(() => on.dispose());

const url =
  "postgresql://todo_a:p%40ss%20word@db.example.com:6432/todo?sslmode=verify-full&connect_timeout=9&pgbouncer=true";

function putExternal(): void {
  const valueFrom = { secretKeyRef: { name: "todo-database-1", key: "DATABASE_URL" } };
  const containers = [{ name: "backend", env: [{ name: "PORT" }, { name: "DATABASE_URL", valueFrom }] }];
  server.objects.set(`${apps}/deployments/todo-backend`, { spec: { template: { spec: { containers } } } });
  const data = { DATABASE_URL: Buffer.from(url).toString("base64") };
  server.objects.set(`${inNamespace}/secrets/todo-database-1`, { data });
}

/** A program that keeps its arguments and what it has of a database's login. */
function program(name: string, exit: number): void {
  on.write(
    `bin/${name}`,
    `#!/bin/sh\nPATH=/usr/bin:/bin\necho "$*" > "$STAND_INS/arguments"\nenv | grep ^PG > "$STAND_INS/login"\nexit ${exit}\n`,
  );
  on.makeExecutable(`bin/${name}`);
}

test("the stack's name comes first, everything behind it is psql's", () => {
  expect(parsePsqlArgs([])).toEqual({ stack: "local", own: [] });
  expect(parsePsqlArgs(["-c", "SELECT 1"])).toEqual({ stack: "local", own: ["-c", "SELECT 1"] });
  expect(parsePsqlArgs(["--stack", "prod", "-At"])).toEqual({ stack: "prod", own: ["-At"] });
  expect(parsePsqlArgs(["--stack=prod", "--", "x"])).toEqual({ stack: "prod", own: ["--", "x"] });
  expect(parsePsqlArgs(["--", "--help"])).toEqual({ stack: "local", own: ["--help"] });
  expect(() => parsePsqlArgs(["--stack"])).toThrow("needs the stack's name");
});

test("in the cluster: psql in the database's pod, with the container's own login, and psql's exit code", async () => {
  server.objects.set(`${apps}/statefulsets/todo-database`, {});
  on.write(
    "bin/kubectl",
    '#!/bin/sh\n[ "$1" = version ] && echo v1.34.1 && exit 0\necho "$*" > "$STAND_INS/arguments"\nexit 3\n',
  );
  on.makeExecutable("bin/kubectl");
  expect(await psql(["-c", "SELECT 'a b'"], on.machine)).toBe(3);
  const called = on.read("arguments").trim();
  expect(called).toMatch(
    /^--context minikube --namespace todo exec --stdin --quiet --container database todo-database-0 -- sh -c /,
  );
  expect(called).toMatch(/exec psql "\$@" psql -c SELECT 'a b'$/);
  expect(called).toContain('PGPASSWORD="$POSTGRES_PASSWORD"');
});

test("an external database: this machine's psql, with the login in its environment alone", async () => {
  putExternal();
  program("psql", 0);
  expect(await psql(["-At", "-c", "SELECT 1"], on.machine)).toBe(0);
  expect(on.read("arguments").trim()).toBe("-At -c SELECT 1");
  expect(on.read("login")).toContain("PGPASSWORD=p@ss word\n");
  expect(on.machine.env.PGPASSWORD).toBeUndefined();
  expect(on.lines().join("")).not.toContain("word");
});

test("an external database, and no psql here: how to get one", async () => {
  putExternal();
  await expect(psql([], on.machine)).rejects.toMatchObject({
    remedy: expect.stringContaining("apt-get install postgresql-client"),
  });
});

test("a URL becomes libpq's variables", () => {
  expect(loginOf(url)).toEqual({
    PGAPPNAME: "npm run psql",
    PGHOST: "db.example.com",
    PGPORT: "6432",
    PGUSER: "todo_a",
    PGPASSWORD: "p@ss word",
    PGDATABASE: "todo",
    PGSSLMODE: "verify-full",
    PGCONNECT_TIMEOUT: "9",
  });
  expect(loginOf("postgresql://u:p@h/d")).not.toHaveProperty("PGPORT");
  expect(() => loginOf("secret-nonsense")).toThrow(/^(?!.*nonsense)/);
});

test("who is trusted: the database's own authority, or the system's", async () => {
  putExternal();
  const deployed = await openDeployed(on.machine, "local");
  expect(await readExternalLogin(deployed)).toMatchObject({ PGSSLROOTCERT: "system" });
  server.objects.set(`${inNamespace}/configmaps/todo-backend-database-authority`, { data: { "ca.crt": "PEM" } });
  const { PGSSLROOTCERT: authority = "" } = await readExternalLogin(deployed);
  expect(readFileSync(authority, "utf8")).toBe("PEM");
  // What removes it otherwise is the end of the process.
  rmSync(dirname(authority), { recursive: true });
});

test("what is missing is told, without the URL", async () => {
  await expect(psql([], on.machine)).rejects.toMatchObject({ remedy: "Deploy it: npm run up" });
  putExternal();
  server.objects.delete(`${inNamespace}/secrets/todo-database-1`);
  await expect(psql([], on.machine)).rejects.toThrow("The Secret todo-database-1 has no DATABASE_URL.");
});
