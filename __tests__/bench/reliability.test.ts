import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { LoadRecord } from "../../bench/load/table.ts";
import { withFigures } from "../../bench/reliability/page.ts";
import { noteFault, noteLoad, recordsVariable, tablesOf } from "../../bench/reliability/records.ts";
import { read } from "../chart/render.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "records-"));
  process.env[recordsVariable] = join(folder, "records");
});
afterEach(() => {
  delete process.env[recordsVariable];
  rmSync(folder, { recursive: true });
});

const none = { failed: 0, wrong: 0, resent: 0, dropped: 0, lost: 0, doubled: 0 };
const latencies = { p50: 7, p95: 17, p99: 28.4, max: 85 };
const load: LoadRecord = {
  name: "pod deleted",
  figures: { requests: 20_400, ...none, ...latencies, errors: [] },
  restarts: 1,
};

test("what the suites note becomes a table of cases and one of faults", () => {
  noteLoad(load);
  noteFault({ name: "hung", what: "until it served", measured: 21.96, bound: 30 });
  const tables = tablesOf(join(folder, "records"));
  expect(tables).toContain("| pod deleted | 20,400 | 0 | 0 | 0 | 0 | 7 | 28 | 1 |");
  expect(tables).toContain("| hung | until it served | 21.96 | 30 |");
});

test("suites that nobody asks for figures keep none", () => {
  delete process.env[recordsVariable];
  noteLoad(load);
  expect(tablesOf(join(folder, "records"))).not.toContain("pod deleted");
});

test("new figures take the place of old ones, and nothing else changes", () => {
  const page = read("docs/reliability.md");
  const once = withFigures(page, "| one |");
  expect(withFigures(once, "| two |")).toBe(withFigures(page, "| two |"));
  expect(once).toContain("\n| one |\n");
  for (const line of ["# Nothing dropped", "## What it takes"]) expect(once).toContain(line);
  expect(() => withFigures("no place", "| one |")).toThrow("no place for figures");
});
