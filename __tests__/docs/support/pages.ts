import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import GithubSlugger from "github-slugger";
import { lexer, type Token, walkTokens } from "marked";
import { listOwnFiles } from "../../../commands/testing/lintedFiles.ts";

export const root = resolve(import.meta.dirname, "../../..");

/** The files of the checkout, as sorted paths from its root. */
export const ownFiles = await listOwnFiles(root);

/** A fenced block of code. */
export interface Block {
  readonly language: string;
  readonly text: string;
}

/** A page as the checks look at it. */
export interface Page {
  /** From the root of the checkout. */
  readonly path: string;
  /** The names that `#...` may have, as GitHub makes them. */
  readonly anchors: ReadonlySet<string>;
  /** The targets of links and images. */
  readonly links: readonly string[];
  readonly blocks: readonly Block[];
  /** What stands in backticks. */
  readonly codes: readonly string[];
  /** The prose, without code. */
  readonly prose: string;
}

export const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** Reads a page's text; `path` is where its links start. */
export function readPage(path: string, text: string): Page {
  const slugger = new GithubSlugger();
  const anchors = new Set<string>();
  const links: string[] = [];
  const blocks: Block[] = [];
  const codes: string[] = [];
  const prose: string[] = [];
  walkTokens(lexer(text), (token) => {
    if (token.type === "heading") anchors.add(slugger.slug(plain(token.tokens ?? [])));
    if (token.type === "link" || token.type === "image") links.push(String(token.href));
    if (token.type === "code") blocks.push({ language: String(token.lang ?? ""), text: String(token.text) });
    if (token.type === "codespan") codes.push(unescaped(String(token.text)));
    if (token.type === "text" && !("tokens" in token && token.tokens)) prose.push(String(token.text));
  });
  return { path, anchors, links, blocks, codes, prose: prose.join("\n") };
}

/** A heading's text as it is shown. */
function plain(tokens: readonly Token[]): string {
  return tokens
    .map((token) =>
      "tokens" in token && token.tokens ? plain(token.tokens) : "text" in token ? String(token.text) : "",
    )
    .join("");
}

/** In a table's cell, a bar in code is escaped. */
const unescaped = (text: string): string => text.replaceAll("\\|", "|");

/** All committed pages. */
export const pages: readonly Page[] = ownFiles
  .filter((path) => path.endsWith(".md"))
  .map((path) => readPage(path, read(path)));
