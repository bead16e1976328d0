import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { type Check, type Finding, ok, runCheck } from "../../commands/doctor/check.ts";
import { checks } from "../../commands/doctor/checks.ts";
import { doctor, report } from "../../commands/doctor/doctor.ts";
import { fakeExamination } from "./doctor/fake.ts";
import { fetchOf, TestMachine } from "./support/machine.ts";

let on: TestMachine;

afterEach(() => {
  on.dispose();
});

async function findings(): Promise<{ code: number; of: (name: string) => Finding | undefined }> {
  const code = await doctor(["--json"], on.machine);
  const all = JSON.parse(on.lines().join("\n")) as Finding[];
  return { code, of: (name) => all.find((finding) => finding.name === name) };
}

test("a machine that reaches nothing is looked at as it is: something is missing only where up would stop", async () => {
  on = new TestMachine({ isRoot: true });
  on.install("docker");
  on.machine.env.npm_config_user_agent = "npm/11.0.0 node/v24.0.0";
  const { code, of } = await findings();
  expect(of("Docker engine")).toMatchObject({ status: "ok", found: "28.0.0, answers" });
  expect(of("npm")).toMatchObject({ status: "ok", found: "11.0.0" });
  expect(of("Pulumi")).toMatchObject({ status: "warn", remedy: expect.stringContaining("sandbox") });
  expect(of("Release")).toMatchObject({ status: "ok" });
  expect(code).toBe(0);
});

test("what up would stop at is exit code 1, and a wrong option is no finding", async () => {
  on = new TestMachine({ freeBytes: async () => 1e9 });
  on.install("docker");
  expect((await findings()).code).toBe(1);
  await expect(doctor(["--jsn"], on.machine)).rejects.toThrow("Unknown option");
});

test("a download that can be had counts as well as the tool itself", async () => {
  on = new TestMachine({ fetch: fetchOf(() => 200) });
  expect((await findings()).of("Minikube")).toMatchObject({ status: "ok", found: expect.stringContaining("1.38.1") });
});

test("a check that hangs is a finding, and the report is there in less than three seconds", async () => {
  on = new TestMachine({ fetch: () => new Promise(() => undefined) });
  const since = Date.now();
  const { of } = await findings();
  expect(Date.now() - since).toBeLessThan(3000);
  expect(of("Docker Hub")).toMatchObject({ status: "warn", found: "no answer within 2.2 s" });
});

test("a check that throws is a finding with its reason", async () => {
  on = new TestMachine();
  const throws: Check = { name: "Trap", why: "It may.", look: async () => Promise.reject(new Error("fell in")) };
  expect(await runCheck(fakeExamination(on, {}), throws)).toMatchObject({ status: "warn", found: "fell in" });
});

test("the report has why and remedy below what is to be mended, and nothing below what is well", () => {
  const lines = report(
    [
      { name: "A", why: "Because.", ...ok("fine") },
      { name: "Long", why: "It stops.", status: "missing", found: "gone", remedy: "bring it\nor not" },
    ],
    false,
  );
  expect(lines).toEqual([
    "ok       A     fine",
    "missing  Long  gone",
    "               It stops.",
    "               -> bring it",
    "               -> or not",
    "",
    "1 missing: mend that, then: npm run up",
  ]);
  expect(report([{ name: "A", why: "", ...ok("fine") }], true)[0]).toContain("\u001b[");
});

test("docs/doctor.md has every check with its reason, and no other", () => {
  on = new TestMachine();
  const text = readFileSync(join(resolve(import.meta.dirname, "../.."), "docs/doctor.md"), "utf8");
  const table = text.slice(text.indexOf("| Check |")).split("\n").slice(2);
  const rows = table
    .filter((line) => line.startsWith("| "))
    .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| /, "")));
  expect(rows.map(([name, why]) => [name, why])).toEqual(checks.map(({ name, why }) => [name, why]));
  for (const [name = "", , remedies = ""] of rows) expect(`${name}: ${remedies}`).toMatch(/: .{10,}/);
});

test("every check has a name of its own and a test that looks at it", () => {
  on = new TestMachine();
  const folder = join(import.meta.dirname, "doctor");
  const tests = ["tools", "surroundings", "deployment"]
    .map((name) => readFileSync(join(folder, `${name}.test.ts`), "utf8"))
    .join();
  expect(new Set(checks.map(({ name }) => name)).size).toBe(checks.length);
  for (const { name } of checks) expect(tests).toContain(`"${name}"`);
});
