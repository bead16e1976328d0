import type { NextConfig } from "next";
import { PHASE_DEVELOPMENT_SERVER } from "next/constants";

const common: NextConfig = { reactStrictMode: true, typescript: { ignoreBuildErrors: true } };

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
