import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { readStackConfiguration } from "../../sandbox/runner/configuration.ts";

const before = process.cwd();
const folder = mkdtempSync(join(tmpdir(), "sandbox-test-"));
beforeAll(() => {
  process.chdir(folder);
  writeFileSync(
    "Pulumi.yaml",
    "name: p\nconfig: { port: { default: 1 }, name: { default: n }, env: { default: {} } }\n",
  );
});
afterEach(() => {
  delete process.env.PULUMI_CONFIG;
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

const read = (stack: string) => {
  writeFileSync("Pulumi.s.yaml", stack);
  return readStackConfiguration("Pulumi.s.yaml").values;
};

test("a stack's file wins over the declared defaults, with and without the project's name before a key", () => {
  expect(read("config: { port: 2, p:env: { A: b } }")).toEqual({ "p:port": "2", "p:name": "n", "p:env": '{"A":"b"}' });
});

test("what the environment hands over wins over both: secrets, which stand in no file", () => {
  process.env.PULUMI_CONFIG = JSON.stringify({ "p:port": "3", "p:secretEnv": '{"JWT_SECRET":"s"}' });
  expect(read("config: { port: 2 }")).toMatchObject({
    "p:port": "3",
    "p:name": "n",
    "p:secretEnv": '{"JWT_SECRET":"s"}',
  });
});

test("an encrypted value is refused, with the way to what can read it", () => {
  expect(() => read("config: { p:databaseUrl: { secure: v1:abc } }")).toThrow(/p:databaseUrl .* only the Pulumi CLI/);
});
