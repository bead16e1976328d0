import { expect, test } from "@jest/globals";
import { ownDockerfileRecipe } from "../../components/application/ownDockerfile.ts";
import type { BackendSettings } from "../../components/application/settings.ts";

const recipe = (text: string, settings: Partial<BackendSettings> = {}, service = "backend") =>
  ownDockerfileRecipe({ service, dockerfile: "Dockerfile", text, defaultPort: 8000 }, { path: "../app", ...settings });

test("takes the port and the user of the last stage", () => {
  const { values, notes } = recipe("FROM a AS build\nEXPOSE 1\nUSER 5\nFROM b\nEXPOSE 9000/tcp 9001\nUSER 1000:1000\n");
  expect(values).toMatchObject({ containerPort: 9000 });
  expect(values).not.toHaveProperty("runAsUser");
  expect(notes).toEqual([]);
});

test.each([
  ["none", "FROM a\nEXPOSE 80\n", "names no user"],
  ["root", "FROM a\nEXPOSE 80\nUSER root\n", 'the user "root"'],
  ["root by number", "FROM a\nEXPOSE 80\nUSER 0\n", 'the user "0"'],
  ["a name", "FROM a\nEXPOSE 80\nUSER \\\n  node\n", 'the user "node"'],
  ["one of another stage", "FROM a\nUSER 7\nFROM a\nEXPOSE 80\n", "names no user"],
])("a user that the cluster refuses (%s) is replaced, and that is said", (_what, text, words) => {
  const { values, notes } = recipe(text);
  expect(values).toMatchObject({ runAsUser: 10001 });
  expect(notes).toEqual([expect.stringContaining(words)]);
});

test("settings win over the Dockerfile", () => {
  const { values, notes } = recipe("FROM a\n", { port: 7000, user: 33, buildEnv: { A: "1" } });
  expect(values).toMatchObject({ containerPort: 7000, runAsUser: 33 });
  expect(notes).toEqual([]);
  expect(recipe("FROM a\n", { buildEnv: { A: "1" } }).args).toEqual({ A: "1" });
});

test("a port that nobody names is the usual one, and that is said", () => {
  const { values, notes } = recipe("FROM a\nUSER 5\n");
  expect(values).toMatchObject({ containerPort: 8000 });
  expect(notes).toEqual([expect.stringContaining("backend.port")]);
});

test("nothing migrates but what is named; a frontend is no nginx of this project", () => {
  expect(recipe("FROM a\n").values).toMatchObject({ migrations: { enabled: false } });
  const migrationCommand = ["python", "-m", "app.migrate"];
  expect(recipe("FROM a\n", { migrationCommand }).values).toMatchObject({
    migrations: { enabled: true, command: migrationCommand },
  });
  const { values } = recipe("FROM a\n", {}, "frontend");
  expect(values).toMatchObject({ proxy: false, probes: { readiness: { path: "/" }, liveness: { path: "" } } });
  expect(values).not.toHaveProperty("migrations");
});

test("only the base images that it takes by argument can be replaced", () => {
  expect(recipe("ARG PYTHON_IMAGE=python:3.13\nFROM $PYTHON_IMAGE\nARG OTHER\n").bases).toEqual(["PYTHON_IMAGE"]);
});

test("a file without a stage is none", () => {
  expect(() => recipe("# nothing\n")).toThrow(/backend\.dockerfile: Dockerfile has no FROM/);
});
