import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { parse } from "yaml";
import { compareObjects } from "../../commands/deploy/manifestDiff/compare.ts";
import type { PlannedRelease } from "../../commands/deploy/manifestDiff/plan.ts";
import { renderChart } from "../../commands/deploy/manifestDiff/renderChart.ts";
import { thisMachine } from "../../commands/support/machine.ts";
import { mergeValues } from "../../components/configuration/mergeValues.ts";
import type { Fields } from "../../components/release/fields.ts";
import { chartFolder, helmBinary } from "./render.ts";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The objects of a first preview of a stack, whose cluster nobody can ask. */
function objectsOf(profile: string, values: object) {
  const file = parse(readFileSync(join(chartFolder, `values-${profile}.yaml`), "utf8"));
  const release: PlannedRelease = {
    ...{ name: "todo", namespace: "todo", chart: "./chart" },
    values: mergeValues(file, values as Parameters<typeof mergeValues>[1]) as Fields,
    from: { releaseName: "todo", namespace: "todo" },
  };
  return renderChart(thisMachine(), release, { helm: helmBinary("3"), context: undefined, isUpgrade: false });
}

test("production is rendered with digests and a Secret's name that only up will know", async () => {
  const image = { digest: unknown };
  const values = { frontend: { image }, backend: { image }, database: { existingSecret: unknown } };
  const objects = await objectsOf("production", { ...values, ingress: { host: "todo.example.com" } });
  expect(JSON.stringify(objects)).toContain(`todo-backend@${unknown}`);
  expect(objects.map(({ kind }) => kind)).not.toContain("Pod");
});

test("one value more is one object's change", async () => {
  const database = { existingSecret: "database", adminSecret: "database-admin" };
  const values = (replicaCount: number) => ({ frontend: { replicaCount }, database });
  const [before, after] = await Promise.all([objectsOf("local", values(1)), objectsOf("local", values(2))]);
  const changes = compareObjects(before, after, { before: "a", after: "b" });
  expect(changes.map(({ object }) => object)).toEqual(["Deployment todo-frontend"]);
  expect(changes[0]?.patch).toContain("-  replicas: 1\n+  replicas: 2\n");
});

test("what the chart refuses is told in its words", async () => {
  await expect(objectsOf("local", { frontend: { replicaCount: "two" } })).rejects.toThrow(/replicaCount/);
});
