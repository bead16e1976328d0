import { expect, test } from "@jest/globals";
import { readSteps } from "../../../commands/deploy/manifestDiff/events.ts";
import { planOf } from "../../../commands/deploy/manifestDiff/plan.ts";
import type { ResourceFields } from "../../../sandbox/runner/types.ts";

const release = "kubernetes:helm.sh/v3:Release";
const secret = "kubernetes:core/v1:Secret";
/** A secret as the CLI logs it. */
const marked = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "[secret]" };

interface Logged {
  readonly op: string;
  readonly type: string;
  readonly before?: ResourceFields;
  readonly after?: ResourceFields;
  readonly diffs?: readonly string[];
}

/** The event log of a preview with these steps, among events that tell nothing here. */
function log(...steps: Logged[]): string {
  const events = steps.map(({ op, type, before, after, diffs }) => {
    const [old, wanted] = [before, after].map((inputs) => inputs && { inputs });
    return { resourcePreEvent: { metadata: { op, type, urn: "urn:x", old, new: wanted, diffs } } };
  });
  return [{ preludeEvent: { config: {} } }, ...events, { cancelEvent: {} }]
    .map((event) => JSON.stringify(event))
    .join("\n");
}

const inputs = (values: object = {}) => ({ name: "todo", namespace: "todo", chart: "./chart", values });
const object = (name: string, data: unknown, annotations?: object) => ({
  ...{ apiVersion: "v1", kind: "Secret", metadata: { name, namespace: "todo", annotations }, data },
});

test.each(["same", "update", "create"])("the release's new inputs are found when it is a %s", (op) => {
  const plan = planOf(readSteps(log({ op, type: release, before: inputs({ a: 1 }), after: inputs({ a: 2 }) })));
  expect(plan.release).toEqual({
    ...inputs({ a: 2 }),
    from: { releaseName: "todo", namespace: "todo" },
  });
});

test("what a refresh read before the program ran is no plan", () => {
  const refresh = { op: "refresh", type: release, before: inputs(), after: inputs({ stale: true }) };
  expect(planOf(readSteps(log(refresh))).release).toBeUndefined();
  const steps = log(refresh, { op: "same", type: release, before: inputs(), after: inputs({ fresh: true }) });
  expect(planOf(readSteps(steps)).release?.values).toEqual({ fresh: true });
});

test("a release that moves is compared with the one that it replaces", () => {
  const moved = { ...inputs(), namespace: "elsewhere" };
  const steps = log(
    { op: "create-replacement", type: release, before: inputs(), after: moved },
    { op: "replace", type: release, before: inputs(), after: moved },
    { op: "delete-replaced", type: release, before: inputs() },
  );
  expect(planOf(readSteps(steps)).release).toMatchObject({
    namespace: "elsewhere",
    from: { releaseName: "todo", namespace: "todo" },
  });
});

test("a Secret of new content is one object more and one less, with marks in place of the values", () => {
  const [old, next] = [object("env-1", marked), object("env-2", marked, { "pulumi.com/autonamed": "true" })];
  const steps = log(
    { op: "create-replacement", type: secret, before: old, after: next, diffs: ["data"] },
    { op: "replace", type: secret, before: old, after: next, diffs: ["data"] },
    { op: "delete-replaced", type: secret, before: old },
    { op: "update", type: "docker:index/image:Image", before: { a: 1 }, after: { a: 2 } },
    { op: "create", type: "pulumi:providers:kubernetes", after: { context: "c" } },
  );
  const plan = planOf(readSteps(steps));
  expect(plan.before).toMatchObject([{ metadata: { name: "env-1" }, data: "[secret]" }]);
  expect(plan.after).toMatchObject([{ metadata: { name: "env-2" } }]);
  expect([...plan.drawnNames]).toEqual([["env-2", "env"]]);
});

test("a Secret that stays says by the engine's comparison whether its values do", () => {
  const steps = (diffs: readonly string[]) =>
    planOf(
      readSteps(log({ op: "update", type: secret, before: object("a", marked), after: object("a", marked), diffs })),
    );
  expect(steps(["data"]).after).toMatchObject([{ data: "[secret, changed]" }]);
  expect(steps(["metadata"]).after).toMatchObject([{ data: "[secret]" }]);
});

test("a secret in the release's values is noted as changed where the former text was another one", () => {
  const before = inputs({ kept: "[secret]", list: ["old"], url: "postgres://a:[secret]@h" });
  const after = inputs({ kept: "[secret]", list: ["[secret]"], url: "postgres://b:[secret]@h", added: "[secret]" });
  expect(planOf(readSteps(log({ op: "update", type: release, before, after }))).release?.values).toEqual({
    kept: "[secret]",
    list: ["[secret, changed]"],
    url: "postgres://b:[secret, changed]@h",
    added: "[secret]",
  });
});
