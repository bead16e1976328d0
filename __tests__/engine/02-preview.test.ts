import { afterAll, expect, test } from "@jest/globals";
import { describeEngine, EngineStack } from "./support/stack.ts";

const image = (name: string) => [`update Image ${name}`, `update NodeImage ${name}-on-node`];
const release = "update Release release";
const annotation = '\nbackend:\n  podAnnotations:\n    edited: "yes"\n';
const server = "apps/backend/src/todo/server.py";

describeEngine("the truth of preview", () => {
  const on = new EngineStack();
  const { checkout } = on;
  const config = async (key: string, value: string, secret = false) =>
    (await on.stack()).setConfig(key, { value, secret }, true);

  afterAll(async () => {
    const stack = await on.stack();
    for (const key of ["env.LOG_LEVEL", "values.frontend.replicaCount"]) await stack.removeConfig(key, true);
  });

  const rows: [string, () => unknown, string[]][] = [
    ["nothing", () => undefined, []],
    ["a backend line", () => checkout.append(server, "# edited\n"), [...image("backend"), release]],
    [
      "a frontend line",
      () => checkout.append("apps/frontend/app/page.tsx", "// edited\n"),
      [...image("frontend"), release],
    ],
    ["a file that is in no image", () => checkout.append("apps/backend/README.md", "edited\n"), []],
    ["a Dockerfile", () => checkout.append("docker/backend.Dockerfile", "# edited\n"), [...image("backend"), release]],
    ["a chart template", () => checkout.append("chart/templates/service.yaml", "# edited\n"), [release]],
    [
      "the version in Chart.yaml",
      () => checkout.replace("chart/Chart.yaml", "\nversion: 1.0.0", "\nversion: 1.0.1"),
      [release],
    ],
    ["a value in values-local.yaml", () => checkout.append("chart/values-local.yaml", annotation), [release]],
    ["a value in Pulumi.local.yaml", () => config("env.LOG_LEVEL", "warning"), [release]],
    [
      "a secret",
      () => config("secretEnv.SIGNING_KEY", "another-value", true),
      [
        "create-replacement Secret environment",
        "delete-replaced Secret environment",
        "replace Secret environment",
        release,
      ],
    ],
    ["the replica count", () => config("values.frontend.replicaCount", "2"), [release]],
  ];

  test.each(rows)("one edit of %s: preview shows exactly what up then does", async (_edited, edit, expected) => {
    await edit();
    const previewed = await on.preview();
    const updated = await on.up();
    expect(previewed.changes).toEqual([...expected].sort());
    expect(updated.changes).toEqual(previewed.changes);
    expect((await on.fetch("/api/todos")).status).toBe(200);
  });
});
