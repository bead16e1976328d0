import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { stage } from "../../components/application/stage.ts";
import type { ContextFile } from "../../components/image/contextFiles.ts";

let target: string;
beforeEach(() => {
  target = join(mkdtempSync(join(tmpdir(), "todo-stack-stage-")), "context");
});
afterEach(() => rmSync(join(target, ".."), { recursive: true }));

const file = (path: string, text: string, kind: ContextFile["kind"] = "file"): ContextFile => ({
  path,
  kind,
  content: Buffer.from(text),
});
const all = () => readdirSync(target, { recursive: true }).sort();
const time = (path: string) => lstatSync(join(target, path)).mtimeMs;

test("makes the folder hold exactly the files, with modes of its own and links as links", async () => {
  await stage(target, [
    file("app/main.py", "a"),
    file("app/run", "b", "executable"),
    file("app/link", "main.py", "link"),
  ]);
  expect(all()).toEqual(["app", "app/link", "app/main.py", "app/run"]);
  expect(readFileSync(join(target, "app/main.py"), "utf8")).toBe("a");
  expect(lstatSync(join(target, "app/main.py")).mode & 0o777).toBe(0o644);
  expect(lstatSync(join(target, "app/run")).mode & 0o777).toBe(0o755);
  expect(readlinkSync(join(target, "app/link"))).toBe("main.py");
});

test("removes what is no longer there, also where a file took a folder's name or the other way round", async () => {
  await stage(target, [file("a/b", "1"), file("c", "2"), file("old/deep/file", "3")]);
  await stage(target, [file("a", "1"), file("c/d", "2")]);
  expect(all()).toEqual(["a", "c", "c/d"]);
});

test("comes out whole where several make it at once, and leaves nothing beside it", async () => {
  const files = Array.from({ length: 40 }, (_, index) => file(`part${index % 4}/file${index}`, `text ${index}`));
  await Promise.all([stage(target, files), stage(target, files), stage(target, files)]);
  expect(all()).toHaveLength(44);
  expect(readdirSync(join(target, ".."))).toEqual(["context"]);
});

test("takes a file that somebody changed in it for what it is", async () => {
  await stage(target, [file("a", "right")]);
  writeFileSync(join(target, "a"), "wrong");
  mkdirSync(join(target, "b"));
  await stage(target, [file("a", "right")]);
  expect(readFileSync(join(target, "a"), "utf8")).toBe("right");
  expect(all()).toEqual(["a"]);
});

test("gives equal content equal times, and other content of the same length another one", async () => {
  await stage(target, [file("a", "one"), file("b", "one"), file("c", "two")]);
  expect(time("a")).toBe(time("b"));
  expect(time("a")).not.toBe(time("c"));
});
