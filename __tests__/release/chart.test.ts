import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { readChart } from "../../components/release/chart.ts";

let chart: string;

beforeEach(() => {
  chart = join(mkdtempSync(join(tmpdir(), "todo-stack-chart-")), "chart");
  cpSync("chart", chart, { recursive: true });
});

afterEach(() => rmSync(join(chart, ".."), { recursive: true }));

test.each([
  ["empty", ""],
  ["of comments alone", "# frontend:\n#   replicaCount: 2\n"],
])("a profile's values file that is %s changes nothing", async (_case, content) => {
  writeFileSync(join(chart, "values-local.yaml"), content);
  await expect(readChart("local", chart)).resolves.toMatchObject({ profileValues: {} });
});

test("a values file that is no YAML is named", async () => {
  writeFileSync(join(chart, "values-local.yaml"), "a: [");
  await expect(readChart("local", chart)).rejects.toThrow(join(chart, "values-local.yaml"));
});
