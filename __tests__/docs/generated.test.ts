import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "@jest/globals";
import { generated } from "../../commands/docs/generated.ts";
import { replacePart, table } from "../../commands/docs/markers.ts";

const root = resolve(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

test.each(generated.map(({ path, make }) => [path, make] as const))(
  "%s is as its sources make it",
  async (path, make) => {
    const current = read(path);
    const made = await make(root, current);
    if (made === current) return;
    // The difference is shown, and the way to mend it stands in it.
    expect({ run: "npm run docs", [path]: current }).toEqual({ run: "npm run docs", [path]: made });
  },
);

test.each(["docs/configuration.md", "chart/README.md"])("every row of %s says what it is", (path) => {
  const [, part = ""] = /written by npm run docs -->\n([\s\S]*)<!-- end/.exec(read(path)) ?? [];
  const rows = part.split("\n").filter((line) => line.startsWith("| `"));
  expect(rows.length).toBeGreaterThan(20);
  expect(rows.filter((row) => /\|\s*\|$/.test(row))).toEqual([]);
});

test("a part is written between its marks, and a page without them is refused", () => {
  const page = "a\n<!-- x: written by npm run docs -->\nold\n<!-- end of x -->\nb\n";
  const written = "a\n<!-- x: written by npm run docs -->\n\nnew\n\n<!-- end of x -->\nb\n";
  expect(replacePart(page, "x", "new")).toBe(written);
  expect(replacePart(written, "x", "new")).toBe(written);
  expect(() => replacePart(page, "y", "new")).toThrow('"<!-- y: written by npm run docs -->"');
  expect(table(["A", "B"], [["1|2", ""]])).toBe("| A | B |\n|---|---|\n| 1\\|2 | |");
});
