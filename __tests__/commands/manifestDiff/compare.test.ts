import { expect, test } from "@jest/globals";
import { compareObjects, type ObjectChange } from "../../../commands/deploy/manifestDiff/compare.ts";
import { tellChanges, tellSummary } from "../../../commands/deploy/manifestDiff/tell.ts";
import type { KubernetesObject } from "../../../components/cluster/api.ts";

const sides = { before: "revision 3", after: "after up" };

function map(name: string, data: Readonly<Record<string, string>>, more: object = {}): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: "todo", ...more },
    data,
  } as KubernetesObject;
}

const numbered = (changes: object = {}) => ({
  a: "1",
  b: "2",
  c: "3",
  d: "4",
  e: "5",
  f: "6",
  g: "7",
  h: "8",
  ...changes,
});

test("a changed object is a unified diff with three lines of context", () => {
  const [change, ...others] = compareObjects([map("m", numbered())], [map("m", numbered({ e: "five" }))], sides);
  expect(others).toEqual([]);
  expect(change).toMatchObject({ kind: "changed", object: "ConfigMap todo/m" });
  expect(change?.patch).toBe(`--- ConfigMap todo/m\trevision 3
+++ ConfigMap todo/m\tafter up
@@ -4,7 +4,7 @@
   b: "2"
   c: "3"
   d: "4"
-  e: "5"
+  e: five
   f: "6"
   g: "7"
   h: "8"`);
});

test("an equal object, in whatever order of keys, is no change", () => {
  expect(compareObjects([map("m", { a: "1", b: "2" })], [map("m", { b: "2", a: "1" })], sides)).toEqual([]);
});

test("an object of another kind or namespace is another one", () => {
  const elsewhere = { ...map("m", {}), metadata: { name: "m", namespace: "other" } };
  const changes = compareObjects([map("m", {})], [elsewhere, { ...map("m", {}), kind: "Service" }], sides);
  expect(changes.map(({ kind, object }) => `${object} ${kind}`)).toEqual([
    "ConfigMap other/m added",
    "Service todo/m added",
    "ConfigMap todo/m removed",
  ]);
});

test("an added and a removed object stand whole, against nothing", () => {
  const [added, removed] = compareObjects([map("old", { a: "1" })], [map("new", { a: "1" })], sides);
  expect(added?.patch).toContain("--- /dev/null\n+++ ConfigMap todo/new\tafter up\n@@ -0,0 +1,7 @@\n+apiVersion: v1\n");
  expect(removed?.patch).toContain(
    "--- ConfigMap todo/old\trevision 3\n+++ /dev/null\n@@ -1,7 +0,0 @@\n-apiVersion: v1\n",
  );
});

test("what Helm leaves behind is not removed", () => {
  const kept = map("m", {}, { annotations: { "helm.sh/resource-policy": "keep" } });
  expect(compareObjects([kept], [], sides)).toEqual([]);
});

test("a Secret's value is nowhere in its diff", () => {
  const secret = (value: string) => ({ ...map("s", { KEY: value }), kind: "Secret" });
  const [change] = compareObjects([secret("b2xk")], [secret("bmV3")], sides);
  expect(change?.patch).toContain("-  KEY: (masked)\n+  KEY: (masked, changed)\n");
  expect(change?.patch).not.toMatch(/b2xk|bmV3/);
});

const change = (kind: ObjectChange["kind"]): ObjectChange => ({
  kind,
  object: "ConfigMap todo/m",
  patch: "--- a\n+++ b\n+x",
});

test.each([
  [[], "No object in the cluster would change."],
  [["changed"], "1 object would change."],
  [["added", "changed", "changed", "changed"], "3 objects would change, 1 would be added."],
  [["removed", "put back", "put back"], "1 object would be removed, 2 would be put back."],
] as const)("the summary of %j", (kinds, summary) => {
  expect(tellSummary(kinds.map(change))).toBe(summary);
});

test("without a terminal there are no colours; with one, additions are green and removals red", () => {
  const patch = "--- a\n+++ b\n@@ -1,2 +1,2 @@\n same\n--- removed line\n+added line";
  const lines = (colours: boolean) => tellChanges([{ ...change("changed"), patch }], colours);
  expect(lines(false)).toEqual([
    "",
    "ConfigMap todo/m would change:",
    ...patch.split("\n"),
    "",
    "1 object would change.",
  ]);
  const coloured = lines(true);
  expect(coloured).toContain("\u001b[31m--- removed line\u001b[39m");
  expect(coloured).toContain("\u001b[32m+added line\u001b[39m");
  expect(coloured).toContain("\u001b[1m--- a\u001b[22m");
  expect(coloured).toContain(" same");
});
