import type { NextConfig } from "./nextConfig.ts";
import { type SourceFile, withoutComments } from "./sources.ts";

/** A file that a static export cannot have, and why. */
export interface ServerFeature {
  readonly path: string;
  /** What it is, such as "an API route". */
  readonly what: string;
}

/**
 * Finds what only Next's server can do: https://nextjs.org/docs/app/guides/static-exports#unsupported-features
 *
 * @param config - Of a configuration that itself says `export`, rewrites are for development.
 */
export function findServerFeatures(sources: readonly SourceFile[], config: NextConfig): readonly ServerFeature[] {
  const found = sources.flatMap(({ path, text }) => {
    const what = featureOf(path, withoutComments(text));
    return what === undefined ? [] : [{ path, what }];
  });
  const { path, hasRewrites, output } = config;
  if (path === undefined || !hasRewrites || output === "export") return found;
  return [...found, { path, what: "rewrites" }];
}

/** Text -> what it means, for code anywhere. */
const marks: readonly (readonly [RegExp, string])[] = [
  [/^\s*["']use server["'];?\s*$/m, "a server action"],
  [/\bfrom\s+["']next\/headers["']/, "cookies or headers of the request"],
  [/\bexport\s+(?:async\s+function|function|const)\s+getServerSideProps\b/, "getServerSideProps"],
  [/\bexport\s+const\s+dynamic\s*=\s*["']force-dynamic["']/, "a page that is made for each request"],
];

function featureOf(path: string, text: string): string | undefined {
  if (/^(src\/)?pages\/api\//.test(path)) return "an API route";
  if (/^(src\/)?(middleware|proxy)\.[cm]?[jt]s$/.test(path)) return "middleware";
  if (/^(src\/)?app\/(.*\/)?route\.[cm]?[jt]sx?$/.test(path) && !isStaticRoute(text)) return "an API route";
  return marks.find(([mark]) => mark.test(text))?.[1];
}

/** An export takes a route handler that answers GET alone and says that it is the same for everybody. */
function isStaticRoute(text: string): boolean {
  const answersOthers = /\bexport\b[^;{]*\b(POST|PUT|PATCH|DELETE|OPTIONS)\b/.test(text);
  const saysSo = /\bexport\s+const\s+(dynamic\s*=\s*["'](force-static|error)["']|revalidate\s*=)/.test(text);
  return saysSo && !answersOthers;
}
