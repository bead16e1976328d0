import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { causes } from "../../commands/diagnose/diagnose.ts";
import { faults } from "../e2e/support/faults.ts";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const rows = [...read("docs/diagnose.md").matchAll(/^\| `([a-z-]+)` \| (.+) \| (.+) \| (.+) \|$/gm)];

test("docs/diagnose.md has the causes that there are, in their order", () => {
  expect(rows.map(([, cause]) => cause)).toEqual(causes);
});

test("it says which are induced on a real cluster, and these are more than twenty", () => {
  const claimed = rows.filter(([, , , , tested]) => tested === "rules, cluster").map(([, cause]) => cause);
  expect(claimed.sort()).toEqual([...new Set(faults.map(({ code }) => code))].sort());
  expect(faults.length).toBeGreaterThan(20);
  expect(rows.filter(([, , , , tested]) => !/^rules(, cluster)?$/.test(tested ?? ""))).toEqual([]);
});

test("the README leads there", () => {
  expect(read("README.md")).toContain("(docs/diagnose.md)");
  expect(read("README.md")).toContain("| `npm run diagnose` |");
});
