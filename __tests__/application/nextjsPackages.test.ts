import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { Files } from "./folders.ts";
import { folders, manifest, page, recipeAt, recipeOf } from "./nextjsApplication.ts";

afterEach(() => folders.clear());

describe("the package manager", () => {
  const withLock = (lockfile: string, text: string, more: object = {}, files: Files = {}) =>
    recipeOf({ "package-lock.json": "", [lockfile]: text, "package.json": manifest(more), ...files });

  test.each<[string, string, string, object, string, string | undefined]>([
    ["npm", "package-lock.json", "{}", {}, "npm", undefined],
    ["npm's shrinkwrap", "npm-shrinkwrap.json", "{}", {}, "npm", undefined],
    ["pnpm", "pnpm-lock.yaml", "lockfileVersion: '9.0'\n", {}, "pnpm", "pnpm@12.21.0"],
    [
      "pnpm with settings in package.json",
      "pnpm-lock.yaml",
      "lockfileVersion: '9.0'\n",
      { pnpm: {} },
      "pnpm",
      "pnpm@10.34.8",
    ],
    ["pnpm 8", "pnpm-lock.yaml", "lockfileVersion: '6.0'\n", {}, "pnpm", "pnpm@8.15.9"],
    ["pnpm 7", "pnpm-lock.yaml", "lockfileVersion: 5.4\n", {}, "pnpm", "pnpm@7.33.7"],
    ["a named pnpm", "pnpm-lock.yaml", "x", { packageManager: "pnpm@9.1.0+sha512.abc" }, "pnpm", "pnpm@9.1.0"],
    ["Yarn 1", "yarn.lock", "# yarn lockfile v1\n", {}, "yarn-classic", "yarn@1.22.22"],
    ["Yarn 3", "yarn.lock", "__metadata:\n  version: 6\n", {}, "yarn", "@yarnpkg/cli-dist@3.8.7"],
    ["Yarn 4.9", "yarn.lock", "__metadata:\n  version: 8\n", {}, "yarn", "@yarnpkg/cli-dist@4.9.4"],
    ["Yarn 4", "yarn.lock", "__metadata:\n  version: 10\n", {}, "yarn", "@yarnpkg/cli-dist@4.18.1"],
    [
      "a named Yarn",
      "yarn.lock",
      "__metadata:\n  version: 8\n",
      { packageManager: "yarn@4.5.0" },
      "yarn",
      "@yarnpkg/cli-dist@4.5.0",
    ],
    [
      "a named Yarn 1",
      "yarn.lock",
      "# yarn lockfile v1\n",
      { packageManager: "yarn@1.22.19" },
      "yarn-classic",
      "yarn@1.22.19",
    ],
  ])("%s, by its lockfile", async (_, lockfile, text, more, kind, spec) => {
    const { args, notes } = await withLock(lockfile, text, more);
    expect([args.PACKAGE_MANAGER, args.PACKAGE_MANAGER_PACKAGE]).toEqual([kind, spec]);
    expect(notes.filter((note) => note.includes("lockfile"))).toEqual([]);
  });

  test("the Yarn that is committed, by its name", async () => {
    const yarnrc = { ".yarnrc.yml": "yarnPath: .yarn/releases/yarn-4.2.1.cjs\n" };
    const { args, title } = await withLock("yarn.lock", "__metadata:\n  version: 8\n", {}, yarnrc);
    expect(args.PACKAGE_MANAGER_PACKAGE).toBe("@yarnpkg/cli-dist@4.2.1");
    expect(title).toBe("Next.js with its server, with Yarn 4.2.1");
  });

  test("of several lockfiles that of the named manager, and else pnpm's", async () => {
    const locks = { "pnpm-lock.yaml": "lockfileVersion: '9.0'\n", "yarn.lock": "# yarn lockfile v1\n" };
    expect((await recipeOf(locks)).args.PACKAGE_MANAGER).toBe("pnpm");
    const named = await recipeOf({ ...locks, "package.json": manifest({ packageManager: "yarn@1.22.22" }) });
    expect(named.args.PACKAGE_MANAGER).toBe("yarn-classic");
    expect(named.notes).toContainEqual(
      expect.stringMatching(/^Of package-lock\.json, pnpm-lock\.yaml, yarn\.lock, yarn\.lock is taken/),
    );
  });

  test("none: it works, with a note and the command that writes one", async () => {
    const { args, notes } = await recipeOf({ "package-lock.json": "" });
    expect(args.PACKAGE_MANAGER).toBe("npm");
    expect(notes).toContainEqual(expect.stringMatching(/^There is no lockfile.*`npm install --package-lock-only`/));
    const named = await recipeOf({
      "package-lock.json": "",
      "package.json": manifest({ packageManager: "pnpm@9.1.0" }),
    });
    expect(named.args.PACKAGE_MANAGER_PACKAGE).toBe("pnpm@9.1.0");
  });

  test("Bun's lockfile is refused with what would do", async () => {
    await expect(withLock("bun.lock", "{}")).rejects.toThrow(
      /locked by Bun \(bun\.lock\).*\n.*npm install --package-lock-only.*frontend\.dockerfile Dockerfile/,
    );
  });

  test.each<[string, Files]>([
    ["npm", { "package.json": '{"workspaces":["apps/*"]}', "package-lock.json": "{}" }],
    ["pnpm", { "package.json": "{}", "pnpm-workspace.yaml": "packages: [apps/*]\n", "pnpm-lock.yaml": "" }],
  ])("a package of a workspace by %s is refused, since its lockfile is in the folder above", async (_, above) => {
    const root = folders.write({ ...above, "apps/web/package.json": manifest(), "apps/web/app/page.tsx": page });
    const recipe = recipeAt(join(root, "apps/web"));
    await expect(recipe).rejects.toThrow(`it is part of the workspace in ${root}, whose lockfile`);
    await expect(recipe).rejects.toThrow(/frontend\.dockerfile/);
  });

  test("a lockfile above without a workspace, or above the repository, is none of its own", async () => {
    const web = { "apps/web/package.json": manifest(), "apps/web/app/page.tsx": page };
    const settings = folders.write({ "package.json": "{}", "pnpm-workspace.yaml": "minimumReleaseAge: 60\n", ...web });
    await expect(recipeAt(join(settings, "apps/web"))).resolves.toBeDefined();
    const repository = folders.write({
      "package.json": '{"workspaces":["apps/*"]}',
      "apps/web/.git": "gitdir: x",
      ...web,
    });
    await expect(recipeAt(join(repository, "apps/web"))).resolves.toBeDefined();
  });
});
