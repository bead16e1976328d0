import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { countJest, countJunit, oneCheck } from "../../commands/testing/report.ts";
import { commandStep, type TestStep } from "../../commands/testing/step.ts";
import { test as npmTest, runLanes } from "../../commands/testing/test.ts";
import { TestMachine } from "./support/machine.ts";

let on: TestMachine;

beforeEach(() => {
  on = new TestMachine();
});

afterEach(() => {
  on.dispose();
});

const step = (name: string, passed: number, failed: number, skipped = 0): TestStep => ({
  name,
  room: "program",
  run: async () => ({ counts: { passed, failed, skipped }, output: `what ${name} printed` }),
});

test("the sum over all steps stands last, and a failure makes the exit code 1", async () => {
  await expect(runLanes(on.machine, [[step("a", 3, 0)], [step("b", 4, 0)]])).resolves.toBe(0);
  expect(on.lines().at(-1)).toBe("7 passed, 0 failed");
  await expect(runLanes(on.machine, [[step("a", 3, 1, 2)], [step("b", 4, 0)]])).resolves.toBe(1);
  expect(on.lines().at(-1)).toBe("7 passed, 1 failed, 2 skipped");
});

test("what a failed step printed is shown, what a passed one printed is not", async () => {
  await runLanes(on.machine, [[step("good", 1, 0), step("bad", 0, 1)]]);
  expect(on.lines()).toContain("    what bad printed");
  expect(on.lines()).not.toContain("    what good printed");
});

test("a step that breaks is a failure, and the others run all the same", async () => {
  const broken: TestStep = { name: "broken", room: "backend", run: () => Promise.reject(new Error("no engine")) };
  await expect(runLanes(on.machine, [[broken, step("next", 2, 0)]])).resolves.toBe(1);
  expect(on.lines()).toContain("    no engine");
  expect(on.lines().at(-1)).toBe("2 passed, 1 failed");
});

test("a check counts as one test, by its exit code", async () => {
  const steps = [
    commandStep("true", "lint", "/bin/sh", ["-c", "exit 0"]),
    commandStep("false", "lint", "/bin/sh", ["-c", "exit 3"]),
  ];
  await runLanes(on.machine, [steps]);
  expect(on.lines().at(-1)).toBe("1 passed, 1 failed");
});

test("--only knows the parts", async () => {
  await expect(npmTest(["--only", "fronted"], on.machine)).rejects.toThrow('--only does not know "fronted"');
});

test("jest's report: a file that does not load is a failure", () => {
  const report = {
    numPassedTests: 5,
    numFailedTests: 1,
    numPendingTests: 2,
    numTodoTests: 1,
    testResults: [
      { status: "passed", assertionResults: [{}] },
      { status: "failed", assertionResults: [{}] },
      { status: "failed", assertionResults: [] },
    ],
  };
  expect(countJest(JSON.stringify(report))).toEqual({ passed: 5, failed: 2, skipped: 3 });
});

test("pytest's report: errors are failures, and the outer element is not counted twice", () => {
  const xml =
    '<?xml version="1.0"?><testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="2" skipped="3" ' +
    'tests="10" time="1.0"><testcase name="a"/></testsuite></testsuites>';
  expect(countJunit(xml)).toEqual({ passed: 4, failed: 3, skipped: 3 });
  expect(oneCheck(false)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});
