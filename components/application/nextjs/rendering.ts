import type { FrontendSettings } from "../settings.ts";
import { enumerate, type Findings, setKey } from "./findings.ts";
import type { NextConfig } from "./nextConfig.ts";
import type { ServerFeature } from "./serverFeatures.ts";
import { isBefore, leastVersion } from "./versions.ts";

/** What Next makes: files for nginx, or a server. The words are Next's own. */
export type Output = "export" | "standalone";

/** What decides the kind of output. */
export interface RenderingFacts {
  readonly service: string;
  readonly mode: FrontendSettings["mode"];
  readonly config: NextConfig;
  readonly features: readonly ServerFeature[];
  /** The range of `next` in package.json. */
  readonly next: string;
}

/** The first versions with a configuration for each: https://nextjs.org/docs/app/api-reference/config/next-config-js/output */
const since: Readonly<Record<Output, readonly [number, number]>> = { standalone: [12, 2], export: [13, 3] };

/** Decides whether the application is exported or served; what a person says wins over what the sources say. */
export function decideRendering(facts: RenderingFacts): Findings & { readonly output: Output } {
  const { service, mode = "auto", features } = facts;
  const output = mode === "auto" ? guess(facts) : mode === "export" ? "export" : "standalone";
  const contradicts = mode === "export" && features.length > 0;
  const problem = {
    key: `${service}.mode`,
    message: `is export, but this needs Next's server: ${list(features)}`,
    remedy: setKey(service, "mode", "server"),
  };
  return {
    output,
    problems: [...(contradicts ? [problem] : []), ...versionProblems(facts, output)],
    notes: mode === "auto" ? [reason(facts, output)] : [],
  };
}

function guess({ config, features }: RenderingFacts): Output {
  return config.output === "export" && features.length === 0 ? "export" : "standalone";
}

function reason({ service, config, features }: RenderingFacts, output: Output): string {
  const where = config.path ?? "next.config";
  const otherwise = `${service}.mode says otherwise`;
  if (output === "export") return `It is exported to static files, as ${where} says (${otherwise})`;
  if (features.length > 0) return `It runs with Next's server, which it needs for ${list(features)} (${otherwise})`;
  return `It runs with Next's server, since ${where} does not say \`output: "export"\` (${otherwise})`;
}

function list(features: readonly ServerFeature[]): string {
  return enumerate(features.map(({ path, what }) => `${path} (${what})`));
}

function versionProblems({ service, next }: RenderingFacts, output: Output): Findings["problems"] {
  const version = leastVersion(next);
  const least = since[output];
  if (version === undefined || !isBefore(version, least)) return [];
  const message = `Next.js ${next} has no \`output: "${output}"\`, which came with ${least.join(".")}`;
  return [
    {
      message,
      remedy: `npm install next@latest   (in its folder, or: ${setKey(service, "dockerfile", "Dockerfile")})`,
    },
  ];
}
