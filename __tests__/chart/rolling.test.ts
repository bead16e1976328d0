import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import type { Values } from "./manifest.ts";
import { chartFolder, type Rendered, render } from "./render.ts";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** Names of the workloads whose pods the second rendering would replace. */
function rolled(before: Rendered, after: Rendered): string[] {
  return before.objects.flatMap(({ kind, metadata, spec }) => {
    if (!spec?.template) return [];
    const same = JSON.stringify(spec.template) === JSON.stringify(after.get(kind, metadata.name).spec?.template);
    return same ? [] : [metadata.name];
  });
}

describe("what rolls the pods", () => {
  const base = {
    backend: { extraConfig: { "a.txt": "one" }, secretEnv: { KEY: "one" } },
    frontend: { env: { A: "one" } },
  };
  const cases: [string, Values, string[]][] = [
    [
      "the backend's environment",
      { ...base, backend: { ...base.backend, env: { LOG_LEVEL: "debug" } } },
      ["todo-backend"],
    ],
    ["a secret value", { ...base, backend: { ...base.backend, secretEnv: { KEY: "two" } } }, ["todo-backend"]],
    ["a file", { ...base, backend: { ...base.backend, extraConfig: { "a.txt": "two" } } }, ["todo-backend"]],
    ["the frontend's environment", { ...base, frontend: { env: { A: "two" } } }, ["todo-frontend"]],
    ["the backend's port", { ...base, backend: { ...base.backend, service: { port: 9000 } } }, ["todo-frontend"]],
    ["an annotation", { ...base, backend: { ...base.backend, podAnnotations: { a: "b" } } }, ["todo-backend"]],
    ["an image", { ...base, frontend: { ...base.frontend, image: { tag: "2" } } }, ["todo-frontend"]],
    ["the frontend's port", { ...base, frontend: { ...base.frontend, service: { port: 81 } } }, ["todo-frontend"]],
    ["the number of replicas", { ...base, backend: { ...base.backend, replicaCount: 3 } }, []],
    ["autoscaling", { ...base, backend: { ...base.backend, autoscaling: { enabled: true } } }, []],
    [
      "an ingress and network policies",
      { ...base, ingress: { enabled: true, host: "a.b" }, networkPolicy: { enabled: true } },
      [],
    ],
  ];
  test.each(cases)("%s", async (_what, values, expected) => {
    expect(rolled(await render({ values: base }), await render({ values }))).toEqual(expected);
  });

  test("the URL of an external database rolls the backend", async () => {
    const external = (url: string) => render({ values: { database: { enabled: false, url } } });
    const [one, two] = await Promise.all([external("postgres://u:p@a/todo"), external("postgres://u:p@b/todo")]);
    expect(rolled(one, two)).toEqual(["todo-backend"]);
  });

  test("nothing, when the same values are rendered again, though the password is drawn anew", async () => {
    const [one, two] = await Promise.all([render(), render({ values: {} })]);
    expect(one.get("Secret", "todo-database").data).not.toEqual(two.get("Secret", "todo-database").data);
    expect(rolled(one, two)).toEqual([]);
  });

  test("nothing, when only the chart's version is new", async () => {
    const folder = mkdtempSync(join(tmpdir(), "chart-version-"));
    folders.push(folder);
    const chart = join(folder, "chart");
    cpSync(chartFolder, chart, { recursive: true });
    const file = join(chart, "Chart.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace(/^version: .*/m, "version: 1.0.1"));
    const [one, two] = await Promise.all([render(), render({ chart })]);
    expect(two.get("Deployment", "todo-backend").metadata.labels?.["helm.sh/chart"]).toBe("todo-stack-1.0.1");
    expect(rolled(one, two)).toEqual([]);
    const claims = (rendered: Rendered) => rendered.get("StatefulSet", "todo-database").spec?.volumeClaimTemplates;
    expect(claims(two)).toEqual(claims(one));
  });
});
