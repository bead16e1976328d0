import { expect, it } from "vitest";
import { count, formatAge, quote } from "@/lib/format";

const NOW = Date.parse("2026-03-20T12:00:00Z");
const before = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString();

it.each([
  [-5, "just now"],
  [0.5, "just now"],
  [1, "1 minute ago"],
  [59, "59 minutes ago"],
  [60, "1 hour ago"],
  [60 * 24, "yesterday"],
  [60 * 24 * 6, "6 days ago"],
  [60 * 24 * 9, "Mar 11, 2026"],
])("says of %d minutes: %s", (minutes, words) => {
  expect(formatAge(before(minutes), NOW)).toBe(words);
});

it("counts and quotes", () => {
  expect([count(1, "todo"), count(0, "todo")]).toEqual(["1 todo", "0 todos"]);
  expect(quote("Milk")).toBe("“Milk”");
  expect([...quote("🥛".repeat(50))]).toHaveLength(42);
});
