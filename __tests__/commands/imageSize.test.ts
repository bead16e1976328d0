import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { budgets } from "../../bench/budget.ts";
import { imageSizeSteps, judgeSize } from "../../commands/testing/imageSize.ts";
import { runLanes } from "../../commands/testing/test.ts";
import { TestMachine } from "./support/machine.ts";

let on: TestMachine;

beforeEach(() => {
  on = new TestMachine();
});

afterEach(() => {
  on.dispose();
});

test("an image within its budget passes, a larger one fails with its size and the place of the budget", () => {
  const { backend, frontend } = budgets;
  expect(judgeSize("backend", backend.uncompressed, backend).counts).toEqual({ passed: 1, failed: 0, skipped: 0 });
  const over = judgeSize("frontend", frontend.uncompressed + 10_000, frontend);
  expect(over.counts).toEqual({ passed: 0, failed: 1, skipped: 0 });
  expect(over.output).toContain("has 1.51 MB, more than the 1.50 MB of bench/budget.ts");
});

test("without an engine, which nobody starts for it, the check is skipped and says so", async () => {
  await expect(runLanes(on.machine, [imageSizeSteps])).resolves.toBe(0);
  expect(on.lines().join("\n")).toContain("not checked without a Docker engine: there is no docker command");
  expect(on.lines().at(-1)).toBe("0 passed, 0 failed, 2 skipped");
});
