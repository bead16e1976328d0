import { posix } from "node:path";
import { expect, test } from "@jest/globals";
import { ownFiles, type Page, pages, readPage } from "./support/pages.ts";

const files = new Set(ownFiles);
const folders = new Set(ownFiles.flatMap((path) => parents(path)));
const byPath = new Map(pages.map((page) => [page.path, page]));

function parents(path: string): string[] {
  const folder = posix.dirname(path);
  return folder === "." ? [] : [folder, ...parents(folder)];
}

/** What is wrong with a link; `undefined` where nothing is. */
function problemOf(page: Page, link: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(link)) return externalProblem(link);
  const [target = "", anchor] = link.split("#", 2).map(decodeURIComponent);
  const path = target === "" ? page.path : posix.normalize(posix.join(posix.dirname(page.path), target));
  const bare = path.replace(/\/$/, "");
  if (path.startsWith("../")) return "leads out of the repository";
  if (target !== "" && !files.has(path) && !folders.has(bare)) return `there is no ${path}`;
  if (anchor === undefined) return undefined;
  const anchors = target === "" ? page.anchors : byPath.get(path)?.anchors;
  return anchors?.has(anchor) ? undefined : `${path} has no heading #${anchor}`;
}

/** Without a network only the form can be seen to. */
function externalProblem(link: string): string | undefined {
  if (!URL.canParse(link)) return "is no URL";
  const { protocol, hostname } = new URL(link);
  const local = ["localhost", "127.0.0.1"].includes(hostname);
  if (protocol !== "https:" && !(protocol === "http:" && local)) return "is not https";
  if (!local && !/^([a-z0-9-]+\.)+[a-z]{2,}$/.test(hostname)) return "names no host";
  return /[\s<>"'`]|[.,;)]$/.test(link) ? "ends with, or holds, what belongs to no URL" : undefined;
}

test.each(pages.map((page) => [page.path, page] as const))("the links of %s lead somewhere", (_path, page) => {
  const problems = page.links.map((link) => [link, problemOf(page, link)] as const);
  expect(problems.filter(([, problem]) => problem !== undefined)).toEqual([]);
});

test("every page but the README can be reached from it", () => {
  const seen = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const link of byPath.get(path)?.links ?? []) {
      const target = posix.join(posix.dirname(path), link.split("#")[0] ?? "");
      if (!/^[a-z]+:/.test(link) && byPath.has(target)) visit(target);
    }
  };
  visit("README.md");
  expect(pages.map(({ path }) => path).filter((path) => !seen.has(path))).toEqual([]);
});

test.each([
  ["a file that is gone", "nowhere.md", "there is no docs/nowhere.md"],
  ["a heading that is gone", "dev.md#nowhere", "docs/dev.md has no heading #nowhere"],
  ["a heading of its own that is gone", "#nowhere", "docs/page.md has no heading #nowhere"],
  ["a way out", "../../other/README.md", "leads out of the repository"],
  ["a line of code", "../index.ts#main", "index.ts has no heading #main"],
  ["plain http", "http://example.com/", "is not https"],
  ["no host", "https://example/", "names no host"],
  ["half a URL", "https://", "is no URL"],
  ["a full stop too many", "https://example.com/a.", "ends with, or holds, what belongs to no URL"],
])("%s is told", (_name, link, problem) => {
  const page = readPage("docs/page.md", `## A \`heading\`, twice\n\n## A heading, twice\n\n[x](${link})\n`);
  expect(page.anchors).toEqual(new Set(["a-heading-twice", "a-heading-twice-1"]));
  expect(problemOf(page, link)).toBe(problem);
  expect(problemOf(page, "#a-heading-twice")).toBeUndefined();
});
