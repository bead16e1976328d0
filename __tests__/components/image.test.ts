import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { explainFailure } from "../../components/image/buildFailure.ts";
import { readContextFiles } from "../../components/image/contextFiles.ts";
import { imageTag } from "../../components/image/identity.ts";
import { parseReference } from "../../components/image/reference.ts";
import type { CommandRunner } from "../../components/node/process.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "todo-stack-context-"));
  write("docker/app.Dockerfile", "FROM scratch\nCOPY apps/app /app\n");
  write("docker/app.Dockerfile.dockerignore", "*\n!apps/app\napps/app/tests\n**/*.log\n");
  write("apps/app/main.py", "print('a')\n");
  write("apps/app/lib/util.py", "x = 1\n");
  write("apps/app/tests/test_main.py", "assert True\n");
  write("apps/other/main.py", "print('other')\n");
  write("README.md", "readme\n");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

const tag = (over: { args?: Record<string, string>; platform?: string } = {}) =>
  imageTag("1.2.3", {
    context: folder,
    dockerfile: join(folder, "docker/app.Dockerfile"),
    args: {},
    platform: "linux/amd64",
    ...over,
  });

const paths = async (ignoreText: string) => (await readContextFiles(folder, ignoreText)).map(({ path }) => path);

describe("the files of a context", () => {
  test("are those that the ignore file leaves, sorted", async () => {
    expect(await paths("*\n!apps/app\napps/app/tests\n")).toEqual(["apps/app/lib/util.py", "apps/app/main.py"]);
  });

  test("are found below an ignored folder by a pattern with a wildcard", async () => {
    expect(await paths("*\n!apps/*/main.py\n")).toEqual(["apps/app/main.py", "apps/other/main.py"]);
    expect(await paths("*\n!**/util.py\n")).toEqual(["apps/app/lib/util.py"]);
  });

  test("are all of them where nothing is ignored", async () => {
    expect(await paths("")).toHaveLength(7);
  });
});

describe("the tag", () => {
  test("is the version and a hash, equal for equal content", async () => {
    expect(await tag()).toMatch(/^1\.2\.3-[0-9a-f]{12}$/);
    expect(await tag()).toBe(await tag());
  });

  test.each([
    ["a file's content", () => write("apps/app/main.py", "print('b')\n")],
    ["a new file", () => write("apps/app/new.py", "")],
    ["the Dockerfile", () => write("docker/app.Dockerfile", "FROM scratch\n")],
    ["the executable bit", () => chmodSync(join(folder, "apps/app/main.py"), 0o755)],
    ["a link's target", () => symlinkSync("main.py", join(folder, "apps/app/link"))],
  ])("changes with %s", async (_what, edit) => {
    const before = await tag();
    edit();
    expect(await tag()).not.toBe(before);
  });

  test("changes with arguments and platform", async () => {
    const tags = [
      await tag(),
      await tag({ args: { A: "1" } }),
      await tag({ args: { A: "2" } }),
      await tag({ platform: "linux/arm64" }),
    ];
    expect(new Set(tags).size).toBe(tags.length);
  });

  test.each([
    ["an ignored test", () => write("apps/app/tests/test_main.py", "assert 1\n")],
    ["a file outside", () => write("README.md", "other\n")],
    ["an ignored log", () => write("apps/app/debug.log", "x\n")],
    ["a umask", () => chmodSync(join(folder, "apps/app/main.py"), 0o664)],
  ])("does not change with %s", async (_what, edit) => {
    const before = await tag();
    edit();
    expect(await tag()).toBe(before);
  });

  test("says which file is missing", async () => {
    rmSync(join(folder, "docker/app.Dockerfile"));
    await expect(tag()).rejects.toThrow(/app\.Dockerfile/);
    expect(readdirSync(folder)).toContain("docker");
  });
});

test.each([
  ["postgres:17-alpine", { repository: "postgres", tag: "17-alpine", digest: "" }],
  ["host:5000/a/b", { repository: "host:5000/a/b", tag: "", digest: "" }],
  ["host:5000/a/b:1@sha256:ff", { repository: "host:5000/a/b", tag: "1", digest: "sha256:ff" }],
])("the reference %s taken apart", (reference, parts) => {
  expect(parseReference(reference)).toEqual(parts);
});

test("a failed build is told in its own last words, one that succeeds meanwhile in none", async () => {
  const source = {
    context: ".",
    dockerfile: "docker/backend.Dockerfile",
    args: { APP_VERSION: "1" },
    platform: "linux/amd64",
  };
  const asked: string[] = [];
  const run = (failure?: string): CommandRunner => ({
    output: async (command) => {
      asked.push(command.join(" "));
      if (failure !== undefined) throw new Error(failure);
      return "";
    },
    pipe: async () => "",
    feed: async () => "",
  });
  const long = Array.from({ length: 50 }, (_, index) => `line ${index}`).join("\n\n");
  const words = await explainFailure(source, run(`${long}\nSyntaxError: invalid syntax`));
  expect(words.split("\n")).toHaveLength(20);
  expect(words).toMatch(/^line 31\n.*SyntaxError: invalid syntax$/s);
  const mixed =
    "#7 0.1 of another step\n#9 [2/2] RUN make\n#9 sha256:0\n#7 CACHED\n#9 0.25 it is broken\n#9 ERROR: exit code: 1\n------";
  expect(await explainFailure(source, run(mixed))).toBe("[2/2] RUN make\nit is broken\nERROR: exit code: 1");
  expect(asked[0]).toContain("--file docker/backend.Dockerfile --platform linux/amd64 --build-arg APP_VERSION=1 .");
  await expect(explainFailure(source, run())).resolves.toBe("");
});
