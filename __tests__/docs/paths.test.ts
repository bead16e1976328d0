import { posix } from "node:path";
import { expect, test } from "@jest/globals";
import { ownFiles, type Page, pages, readPage } from "./support/pages.ts";

const everything = new Set(ownFiles.flatMap((path) => [path, ...parents(path)]));

function parents(path: string): string[] {
  const folder = posix.dirname(path);
  return folder === "." ? [] : [folder, ...parents(folder)];
}

/** What is there only while something runs, or after it, and what lies in the user's cache folder. */
const madeLater = [
  /^\.state\b/,
  /^(apps\/frontend\/)?(out|\.next|next-env\.d\.ts)\b/,
  /(^|\/)node_modules\b/,
  /^tools\/<program>-<version>/,
  /^sandbox\/(debian-\*\.tar|logs\/|dockerd\.pid)/,
];

/** Paths of this repository that a page names: `docs/dev.md` in the prose, anything with a slash in backticks. */
function namedPaths(page: Page): readonly string[] {
  const inCode = page.codes.flatMap((code) => code.split(/[\s,;:()'"=@]+/));
  const inProse = [...page.prose.matchAll(/(?<![\w./-])(?:docs|commands|chart|components)\/[\w./-]*\w/g)].map(String);
  return [...new Set([...inCode, ...inProse])].filter((word) => looksLikePath(word, page));
}

/** Its first part is a folder of the root, or one beside the page. */
function looksLikePath(word: string, page: Page): boolean {
  if (!/^[\w.@*<>[\]{}-]+(\/[\w.@*<>[\]{}-]+)*\/?$/.test(word) || !word.includes("/")) return false;
  if (madeLater.some((pattern) => pattern.test(word))) return false;
  const [first = ""] = word.split("/");
  return everything.has(first) || everything.has(posix.join(posix.dirname(page.path), first));
}

/** `*` and `<name>` stand for any part. */
function exists(word: string, page: Page): boolean {
  const path = word.replace(/\/$/, "");
  const pattern = path
    .split(/\*|<[^>]*>/)
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join("[^/]*");
  const places = [pattern, posix.join(posix.dirname(page.path), pattern)];
  return [...everything].some((one) => places.some((place) => new RegExp(`^${place}$`).test(one)));
}

test.each(pages.map((page) => [page.path, page] as const))("%s names paths that there are", (_path, page) => {
  expect(namedPaths(page).filter((word) => !exists(word, page))).toEqual([]);
});

test("a path that is gone is told, in code and in prose, and a placeholder fits what there is", () => {
  const page = readPage(
    "chart/page.md",
    "`docs/gone.md` and docs/lost.md, `templates/gone.yaml`, `docker/<name>.Dockerfile`, `docs/*.md`, `templates/`, " +
      "`todo/image:1`, `.state/reports`, `rollout/watch.ts`, and `docker/gone/`",
  );
  const gone = namedPaths(page).filter((word) => !exists(word, page));
  expect(gone.toSorted()).toEqual(["docker/gone/", "docs/gone.md", "docs/lost.md", "templates/gone.yaml"]);
});
