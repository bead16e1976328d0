import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { NextConfig } from "next";
import { PHASE_DEVELOPMENT_SERVER } from "next/constants";

/** What a build is made of. */
const SOURCES = ["app", "components", "lib", "next.config.ts", "package.json", "pnpm-lock.yaml", "tsconfig.json"];

/** Every file at or below a path, in one order on every machine. */
function filesBelow(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}

/**
 * Names a build by its sources, where Next would draw a name: equal sources make equal files. Other sources have another name,
 * because browsers keep what is below it for ever.
 */
function buildId(): string {
  const hash = createHash("sha256");
  for (const file of SOURCES.flatMap(filesBelow)) hash.update(`${file}\0`).update(readFileSync(file)).update("\0");
  return hash.digest("hex").slice(0, 20);
}

const common: NextConfig = {
  reactStrictMode: true,
  typescript: { ignoreBuildErrors: true },
  generateBuildId: buildId,
};

/**
 * The build does not look at types, which would be half of its time: `pnpm typecheck` does, and so does `npm test`.
 *
 * The build is a static export that knows no address: the page asks its own origin under `/api`. Only the development
 * server, which has no nginx before it, forwards `/api` itself: to `BACKEND_URL`, default `http://127.0.0.1:8000`.
 */
export default function configuration(phase: string): NextConfig {
  if (phase !== PHASE_DEVELOPMENT_SERVER) return { ...common, output: "export" };
  const backend = process.env.BACKEND_URL ?? "http://127.0.0.1:8000";
  return {
    ...common,
    rewrites: async () => [{ source: "/api/:path*", destination: `${backend}/api/:path*` }],
  };
}
