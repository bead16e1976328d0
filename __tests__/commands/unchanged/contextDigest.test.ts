import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { contextDigest } from "../../../commands/deploy/unchanged/contextDigest.ts";

/** What pulumi-docker 5.2.0 itself put into the state for the files below. */
const ofTheProvider = "20f3562b98518d7d52348d8052b1f962f7eba0c698fa7ec88935f06716d37fab";

const files: readonly [path: string, content: string, mode: number][] = [
  ["Dockerfile", "FROM scratch\nCOPY a /a\n", 0o644],
  ["Dockerfile.dockerignore", "skipped\n**/*.log\n!skipped/kept.txt\n", 0o644],
  ["ctx/a/b.txt", "below a folder\n", 0o644],
  ["ctx/a/x.log", "y", 0o644],
  ["ctx/a-b.txt", "beside it\n", 0o640],
  ["ctx/run.sh", "#!/bin/sh\n", 0o755],
  ["ctx/skipped/left.txt", "x", 0o644],
  ["ctx/skipped/kept.txt", "kept\n", 0o644],
];

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "todo-stack-context-"));
  for (const name of ["ctx/a", "ctx/skipped"]) mkdirSync(join(folder, name), { recursive: true });
  for (const [path, content, mode] of files) {
    writeFileSync(join(folder, path), content);
    chmodSync(join(folder, path), mode);
  }
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const digest = () => contextDigest(join(folder, "ctx"), join(folder, "Dockerfile"));

test("a context has the digest that the provider gives it", async () => {
  await expect(digest()).resolves.toBe(ofTheProvider);
});

test.each<[string, () => void]>([
  ["a mode that is no part of the tag", () => chmodSync(join(folder, "ctx/a-b.txt"), 0o660)],
  ["a content", () => writeFileSync(join(folder, "ctx/run.sh"), "#!/bin/bash\n")],
  ["the Dockerfile", () => writeFileSync(join(folder, "Dockerfile"), "FROM scratch\nCOPY run.sh /\n")],
])("another digest for %s", async (_case, change) => {
  change();
  await expect(digest()).resolves.not.toBe(ofTheProvider);
});

test("what the image does not contain does not count", async () => {
  writeFileSync(join(folder, "ctx/skipped/left.txt"), "another");
  await expect(digest()).resolves.toBe(ofTheProvider);
});

test("a link is a doubt", async () => {
  symlinkSync("run.sh", join(folder, "ctx/link"));
  await expect(digest()).rejects.toThrow("is no plain file");
});
