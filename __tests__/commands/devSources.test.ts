import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { readVersions, watchSources } from "../../commands/dev/sources.ts";
import type { LocalConfiguration } from "../../components/configuration/configuration.ts";
import { parseConfiguration } from "../../components/configuration/parse.ts";
import { ApplicationOnDisk } from "../support/applicationFolder.ts";

const root = process.cwd();
const parse = (values: Record<string, string>) =>
  parseConfiguration({
    stack: "local",
    values,
    encryptedKeys: new Set(),
    machinePlatform: "linux/amd64",
    kubeconfigPaths: [],
    dockerConfig: "",
    allowed: [],
  }) as LocalConfiguration;
const configuration = parse({});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "todo-stack-dev-"));
  const isSource = (path: string): boolean => !/node_modules|\.next|__pycache__|\.venv/.test(path);
  for (const part of ["apps", "chart", "docker", "Pulumi.yaml", "Pulumi.local.yaml"]) {
    cpSync(join(root, part), join(folder, part), { recursive: true, filter: isSource });
  }
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(root);
  rmSync(folder, { recursive: true });
});

const edit = (file: string): void => {
  mkdirSync(dirname(file), { recursive: true });
  appendFileSync(file, "\n");
};

test.each([
  ["apps/backend/src/todo/app.py", ["backend"]],
  ["docker/backend.Dockerfile", ["backend"]],
  ["apps/frontend/app/page.tsx", ["frontend"]],
  ["docker/nginx/nginx.conf", ["frontend"]],
  ["chart/templates/service.yaml", ["rest"]],
  ["Pulumi.local.yaml", ["rest"]],
  ["apps/backend/tests/test_http.py", []],
  ["apps/frontend/node_modules/some/index.js", []],
])("an edit of %s is one of %j", async (file, expected) => {
  const before = await readVersions(configuration);
  edit(file);
  const after = await readVersions(configuration);
  const differing = (["frontend", "backend"] as const).filter(
    (service) => before.tags[service] !== after.tags[service],
  );
  expect([...differing, ...(before.rest === after.rest ? [] : ["rest"])]).toEqual(expected);
});

test("what is watched is what images, chart and stack are made of, new files too, and nothing else", async () => {
  edit("apps/frontend/node_modules/some/index.js");
  let events = 0;
  const watcher = await watchSources(configuration, () => {
    events += 1;
  });
  const heard = async (file: string): Promise<boolean> => {
    events = 0;
    edit(file);
    for (let waited = 0; waited < 500 && events === 0; waited += 20) await new Promise((done) => setTimeout(done, 20));
    return events > 0;
  };
  try {
    for (const file of ["apps/backend/src/todo/new/part.py", "chart/values.yaml", "docker/frontend.Dockerfile"]) {
      expect([file, await heard(file)]).toEqual([file, true]);
    }
    for (const file of ["README.md", "apps/backend/tests/new.py", "apps/frontend/node_modules/some/index.js"]) {
      expect([file, await heard(file)]).toEqual([file, false]);
    }
  } finally {
    await watcher.close();
  }
});

test("an own application is watched where it is, and only what its image gets", async () => {
  const application = new ApplicationOnDisk({ Dockerfile: "FROM scratch\nCOPY . /\n", "main.py": "1", ".env": "A=1" });
  const own = parse({ backend: JSON.stringify({ path: application.path }) });
  let events = 0;
  const watcher = await watchSources(own, () => {
    events += 1;
  });
  const heard = async (change: () => void): Promise<boolean> => {
    events = 0;
    change();
    for (let waited = 0; waited < 500 && events === 0; waited += 20) await new Promise((done) => setTimeout(done, 20));
    return events > 0;
  };
  try {
    const before = await readVersions(own);
    expect(await heard(() => application.write({ "main.py": "2" }))).toBe(true);
    const after = await readVersions(own);
    expect(after.tags.backend).not.toBe(before.tags.backend);
    expect(after.tags.frontend).toBe(before.tags.frontend);
    expect(after.rest).toBe(before.rest);
    expect(await heard(() => application.write({ ".env": "A=2" }))).toBe(false);
    expect(await heard(() => edit("apps/backend/src/todo/app.py"))).toBe(false);
    expect(await heard(() => edit("apps/frontend/app/page.tsx"))).toBe(true);
    // Another port is no edit of an image alone: the chart must know it.
    application.write({ Dockerfile: "FROM scratch\nCOPY . /\nEXPOSE 9000\n" });
    expect((await readVersions(own)).rest).not.toBe(before.rest);
  } finally {
    await watcher.close();
    application.remove();
  }
});

test("an edit that is taken back is no edit", async () => {
  const before = await readVersions(configuration);
  const original = "apps/backend/src/todo/__init__.py";
  edit(original);
  expect((await readVersions(configuration)).tags.backend).not.toBe(before.tags.backend);
  cpSync(join(root, original), original);
  expect(await readVersions(configuration)).toEqual(before);
});
