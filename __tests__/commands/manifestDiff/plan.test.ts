import { expect, test } from "@jest/globals";
import { planOf } from "../../../commands/deploy/manifestDiff/plan.ts";
import type { ResourceFields } from "../../../sandbox/runner/types.ts";

const type = "kubernetes:helm.sh/v3:Release";
const own = { name: "todo", namespace: "todo", chart: "./chart", values: { a: 1 } };
const remote = { name: "kagent", namespace: "kagent", chart: "oci://ghcr.io/x/kagent", version: "0.9.12", values: {} };
const step = (before: ResourceFields | undefined, after: ResourceFields | undefined, changed: string[] = []) => ({
  ...{ type, before, after, changed },
});

test("a release from a registry is not taken for our own, wherever it stands", () => {
  for (const steps of [
    [step(own, own), step(undefined, remote)],
    [step(undefined, remote), step(own, own)],
  ]) {
    const { release, remote: told } = planOf(steps);
    expect(release).toMatchObject({ name: "todo", chart: "./chart" });
    expect(told).toEqual([
      "Release kagent/kagent would be installed: oci://ghcr.io/x/kagent 0.9.12, whose objects are not shown here.",
    ]);
  }
});

test("it is told when it changes or goes, and not when it stays", () => {
  expect(planOf([step(remote, remote, ["values"])]).remote[0]).toContain("would be upgraded");
  expect(planOf([step(remote, undefined)]).remote[0]).toContain("would be removed");
  expect(planOf([step(remote, remote)]).remote).toEqual([]);
});
