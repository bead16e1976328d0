import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { findLinted, listOwnFiles } from "../../commands/testing/lintedFiles.ts";

const checkout = resolve(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(checkout, path), "utf8");

describe("what hadolint and shellcheck look at", () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "todo-stack-linters-"));
    write(".gitignore", "node_modules/\n.state/\n*.log\n");
  });

  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  function write(path: string, content: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }

  test("every Dockerfile, by either way to name one, and no ignore file", async () => {
    for (const path of [
      "Dockerfile",
      "a/b/Dockerfile",
      "a/c.Dockerfile",
      "a/c.Dockerfile.dockerignore",
      "NotADockerfile",
    ])
      write(path, "FROM scratch\n");
    expect((await findLinted(root)).dockerfiles).toEqual(["Dockerfile", "a/b/Dockerfile", "a/c.Dockerfile"]);
  });

  test("every shell script, by its name or its first line, in hidden folders too", async () => {
    write("sourced.sh", "name=1\n");
    write(".ci/run", "#!/usr/bin/env bash\n");
    write("services/one", "#!/bin/sh -eu\n");
    write("other/zsh", "#!/bin/zsh\n");
    write("other/node", "#!/usr/bin/env node\n");
    write("other/late", "echo\n#!/bin/sh\n");
    write("other/empty", "");
    expect((await findLinted(root)).scripts).toEqual([".ci/run", "services/one", "sourced.sh"]);
  });

  test("every workflow of GitHub's, and no other file beside them", async () => {
    for (const path of [
      ".github/workflows/a.yml",
      ".github/workflows/b.yaml",
      ".github/c.yml",
      "x/.github/workflows/d.yml",
    ])
      write(path, "on: push\n");
    expect((await findLinted(root)).workflows).toEqual([".github/workflows/a.yml", ".github/workflows/b.yaml"]);
  });

  test("nothing in folders that git ignores", async () => {
    for (const folder of ["node_modules/x", "a/node_modules/x", ".state/clone", ".git/hooks"]) {
      write(`${folder}/Dockerfile`, "FROM scratch\n");
      write(`${folder}/run.sh`, "#!/bin/sh\n");
    }
    await expect(findLinted(root)).resolves.toEqual({ dockerfiles: [], scripts: [], workflows: [] });
  });

  test("ours are among them", async () => {
    const { dockerfiles, scripts, workflows } = await findLinted(checkout);
    expect(workflows).toContain(".github/workflows/deploy.yml");
    expect(dockerfiles).toEqual(
      expect.arrayContaining([
        "docker/backend.Dockerfile",
        "docker/lint.Dockerfile",
        "docker/own/nextjs-export.Dockerfile",
        "docker/own/nextjs-server.Dockerfile",
        "sandbox/cluster/node/Dockerfile",
      ]),
    );
    const node = "sandbox/cluster/node/rootfs/usr/local";
    expect(scripts).toEqual(
      expect.arrayContaining([
        ".ci/run",
        "apps/backend/image/assemble.sh",
        "docker/own/nextjs/build.sh",
        "sandbox/bases/recipes/postgres/docker-entrypoint.sh",
        `${node}/bin/sandbox-init`,
        `${node}/lib/sandbox/environment.sh`,
        `${node}/lib/sandbox/services/kubelet`,
      ]),
    );
  });
});

describe("the exceptions in CONTRIBUTING.md", () => {
  /** What turns a rule off, in which files; the first group names the rules. */
  const marks: readonly (readonly [file: RegExp, mark: RegExp])[] = [
    [/\.([cm]?[jt]sx?|css|jsonc?)$/, /biome-ignore(?:-all|-start)? ([\w/]+)/g],
    [/\.[cm]?tsx?$/, /(@ts-(?:ignore|expect-error|nocheck))/g],
    [/\.(py|mako)$/, /# (?:ruff: )?noqa(?:: ([A-Z]+\d+(?:, ?[A-Z]+\d+)*))?/g],
    [/\.(py|mako)$/, /# type: ignore(?:\[([\w-]+)])?/g],
    [/./, /^\s*# shellcheck .*disable=([\w,]+)/gm],
    [/Dockerfile$/, /^# hadolint (?:global )?ignore=([\w,]+)/gm],
    [/^\.hadolint\.yaml$/, /^\s*- (\w+)/gm],
    [/^\.shellcheckrc$/, /^disable=([\w,]+)/gm],
    [/^biome\.json$/, /"!([^"]+)"/g],
    [/(^|\/)tsconfig\.json$/, /"(skipLibCheck)": true/g],
    [/(^|\/)mypy\.ini$/, /^(ignore_\w+) = true/gm],
    [/(^|\/)ruff\.toml$/, /(?<!^select = .*)"([A-Z]+\d*)"/gm],
  ];

  /** `rule in file`; a mark that names no rule shows as `everything`. */
  async function inFiles(): Promise<readonly string[]> {
    const own = "__tests__/commands/linters.test.ts";
    const paths = (await listOwnFiles(checkout)).filter((path) => path !== own && !path.endsWith(".md"));
    return paths.flatMap((path) => {
      const fitting = marks.filter(([file]) => file.test(path));
      const text = read(path);
      return fitting.flatMap(([, mark]) =>
        [...text.matchAll(mark)].flatMap(([, rules = "everything"]) =>
          rules.split(/[, ]+/).map((rule) => `${rule} in ${path}`),
        ),
      );
    });
  }

  function inTable(): readonly string[] {
    const section = /^\| Exception \|.*\n.*\n((?:\|.*\n)+)/m.exec(read("CONTRIBUTING.md"))?.[1] ?? "";
    const quoted = (cell = ""): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);
    return section.split("\n").flatMap((row) => {
      const [rules, places] = row.split(" | ");
      return quoted(rules).flatMap((rule) => quoted(places).map((place) => `${rule} in ${place}`));
    });
  }

  test("are those that the files make", async () => {
    expect([...inTable()].sort()).toEqual([...new Set(await inFiles())].sort());
  });
});
