import { type SourceFile, withoutComments } from "./sources.ts";

/** What can be read off a next.config without running it. */
export interface NextConfig {
  /** The file; undefined: there is none. */
  readonly path?: string | undefined;
  /** The kind of output that it names, under whatever condition. */
  readonly output?: "export" | "standalone" | undefined;
  /** Where the application's pages begin, such as `/shop`. Default: nothing, which is `/`. */
  readonly basePath: string;
  /** Whether it hands requests on. */
  readonly hasRewrites: boolean;
  /** The environment variables that it reads, which is while the image is built. */
  readonly variables: readonly string[];
}

/** In the order in which Next looks for them. */
const names = ["next.config.js", "next.config.mjs", "next.config.ts", "next.config.mts"];

/** Looks for the configuration among the application's files. */
export function findNextConfig(sources: readonly SourceFile[]): NextConfig {
  const file = names.flatMap((name) => sources.find(({ path }) => path === name) ?? [])[0];
  if (file === undefined) return { basePath: "", hasRewrites: false, variables: [] };
  const text = withoutComments(file.text);
  const [, output] = /\boutput\b\s*[:=][^,;}\n]*?["'`](export|standalone)["'`]/.exec(text) ?? [];
  const [, basePath = ""] = /\bbasePath\s*[:=]\s*["'`](\/[^"'`$]*)["'`]/.exec(text) ?? [];
  return {
    path: file.path,
    output: output === "export" || output === "standalone" ? output : undefined,
    basePath,
    hasRewrites: /\brewrites\b\s*[:(=]/.test(text),
    variables: variablesOf(text),
  };
}

/** The names of the environment variables that code reads. */
export function variablesOf(text: string): readonly string[] {
  const found = text.matchAll(/\bprocess\.env(?:\.|\[["'`])([A-Za-z_]\w*)/g);
  return [...new Set([...found].map(([, name = ""]) => name))].sort();
}
