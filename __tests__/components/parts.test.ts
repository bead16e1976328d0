import { expect, test } from "@jest/globals";
import { parseConfiguration } from "../../components/configuration/parse.ts";
import { ConfigurationError } from "../../components/configuration/problems.ts";

const parse = (values: Record<string, object | string>, secret: string[] = []) =>
  parseConfiguration({
    stack: "local",
    values: Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
    ),
    encryptedKeys: new Set(secret),
    machinePlatform: "linux/amd64",
    kubeconfigPaths: [],
    dockerConfig: "",
    allowed: [],
  });

function problems(values: Record<string, object | string>): string[] {
  try {
    parse(values);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map(({ key, message }) => `${key}: ${message}`);
    throw error;
  }
  return [];
}

test("without the keys both parts are the shipped ones, and there are no further services", () => {
  expect(parse({})).toMatchObject({
    frontend: { env: {} },
    backend: { database: true, databaseEnv: {} },
    services: {},
  });
  expect(parse({}).frontend).not.toHaveProperty("application");
});

test("an application of one's own is where its path is", () => {
  const { frontend, backend } = parse({
    frontend: { path: "../web", env: { MODE: 1 } },
    backend: { path: "../api", port: "9000", database: "false" },
  });
  expect(frontend).toMatchObject({ application: { path: "../web" }, env: { MODE: "1" } });
  expect(backend).toMatchObject({ application: { path: "../api", port: 9000 }, database: false });
});

test.each([
  [
    "a key that nothing reads",
    { frontend: { mode: "server" } },
    /^frontend: mode belongs to an application of your own/,
  ],
  ["an unknown key", { backend: { path: "x", modul: "a:b" } }, /^backend: .*modul/],
  ["a module that is none", { backend: { path: "x", module: "main.py" } }, /module: must look like app\.main:app/],
  ["a port out of range", { frontend: { path: "x", port: 70000 } }, /port: must be a port/],
  ["a health path without a slash", { backend: { path: "x", healthPath: "health" } }, /healthPath: must be a path/],
  ["root", { backend: { path: "x", user: 0 } }, /user: must be a number above 0/],
  ["a package that is a command", { backend: { path: "x", systemPackages: ["libpq5; id"] } }, /Debian packages/],
  ["a service of nothing", { services: { worker: {} } }, /^services\.worker: has neither path nor image/],
  ["a service of two things", { services: { worker: { path: "x", image: "backend" } } }, /both path and image/],
  ["secrets that it has anyway", { services: { w: { image: "backend", secretEnv: true } } }, /gets all variables/],
  [
    "a job that serves",
    { services: { job: { image: "backend", schedule: "@daily", port: 80 } } },
    /schedule and a port/,
  ],
  ["no schedule", { services: { job: { image: "backend", schedule: "daily" } } }, /schedule: must look like/],
  ["a name that is taken", { services: { database: { image: "backend" } } }, /every deployment has/],
  ["a name that is none", { services: { My_Worker: { image: "backend" } } }, /lower-case letters/],
])("%s is refused", (_what, values, message) => {
  expect(problems(values)).toEqual([expect.stringMatching(message)]);
});

test("a database that the backend is said not to have is refused", () => {
  const given = { databaseUrl: "postgresql://a:b@c/d", backend: { database: false } };
  expect(() => parse(given, ["databaseUrl"])).toThrow(/databaseUrl: is set, and backend\.database is false/);
});

test("a worker of the backend's image gets its database, one of another image only where that is said, as its secrets", () => {
  const { services } = parse({
    services: {
      worker: { image: "backend", command: ["python", "-m", "app.worker"] },
      search: { image: "example.com/search:1", port: 7700 },
      report: { path: "../report", schedule: "0 3 * * *", secretEnv: true, database: true },
    },
  });
  expect(services.worker).toMatchObject({ database: true, command: ["python", "-m", "app.worker"] });
  expect(services.search).toMatchObject({ secretEnv: false, database: false, port: 7700 });
  expect(services.report).toMatchObject({ secretEnv: true, database: true, application: { path: "../report" } });
});

test("nothing gets a database where there is none", () => {
  const { services } = parse({ backend: { database: false }, services: { worker: { image: "backend" } } });
  expect(services.worker).toMatchObject({ database: false });
});

test("addresses are filled in where a part asks for them, and other braces are left alone", () => {
  const { env, frontend, services } = parse({
    nodePort: "30111",
    releaseName: "shop",
    env: { ORIGIN: "{pageUrl}", FORMAT: "{level}" },
    frontend: { path: "x", env: { API: "{backendUrl}/v1" }, buildEnv: { NEXT_PUBLIC_ORIGIN: "{pageUrl}" } },
    services: { worker: { image: "backend", env: { API: "{backendUrl}" } } },
  });
  expect(env).toEqual({ ORIGIN: "http://127.0.0.1:30111", FORMAT: "{level}" });
  expect(frontend.env).toEqual({ API: "http://shop-backend:8000/v1" });
  expect(frontend.application?.buildEnv).toEqual({ NEXT_PUBLIC_ORIGIN: "http://127.0.0.1:30111" });
  expect(services.worker?.env).toEqual({ API: "http://shop-backend:8000" });
});
