import type { FrontendSettings } from "../settings.ts";
import { enumerate } from "./findings.ts";

/** Routes by which applications commonly say that they live, best first. */
const healthRoutes = [
  "/api/health",
  "/api/healthz",
  "/api/health/live",
  "/api/livez",
  "/api/healthcheck",
  "/health",
  "/healthz",
  "/livez",
  "/healthcheck",
];

/** The same for whether they can take requests. */
const readyRoutes = ["/api/ready", "/api/readyz", "/api/health/ready", "/ready", "/readyz"];

/** What the probes ask. */
export interface ProbePaths {
  /** The route that tells whether the server lives; absent: its open port does. */
  readonly health: string | undefined;
  /** What tells whether requests may come. */
  readonly ready: string;
  /** Whether that is the page itself, for want of a route. */
  readonly isPage: boolean;
}

/**
 * Finds what the probes ask of Next's server: what the settings name, a route that is there for it, or the page.
 *
 * @param paths - The application's files.
 * @param basePath - Where its pages begin.
 */
export function findProbePaths(
  paths: readonly string[],
  basePath: string,
  { healthPath, readyPath = healthPath }: Pick<FrontendSettings, "healthPath" | "readyPath">,
): ProbePaths {
  const routes = new Set(paths.flatMap((path) => routeOf(path) ?? []));
  const find = (known: readonly string[]): string | undefined => {
    const route = known.find((path) => routes.has(path));
    return route === undefined ? undefined : basePath + route;
  };
  const health = healthPath ?? find(healthRoutes);
  const ready = readyPath ?? find(readyRoutes) ?? health;
  return { health, ready: ready ?? (basePath === "" ? "/" : basePath), isPage: ready === undefined };
}

/** Whether the page at the beginning is among the files. */
export function hasStartPage(paths: readonly string[]): boolean {
  return paths.some((path) => routeOf(path) === "/");
}

/** The note on a server that has no route to tell whether it lives. */
export function probeNote(service: string, { ready, isPage }: ProbePaths, hasPage: boolean): string {
  const missing = isPage && !hasPage ? ", though no file for that page was found" : "";
  const looked = enumerate(["app/api/health/route.ts", "app/health/route.ts", "pages/api/health.ts"]);
  return `The readiness probe asks ${ready}${missing}, and the others whether the port is open: a route that answers without the backend is better, such as ${looked} (${service}.healthPath says which)`;
}

/** The route of a page or a route handler; folders in brackets (`(shop)`, `@modal`) are no part of it. */
function routeOf(path: string): string | undefined {
  const [, inApp] = /^(?:src\/)?app\/(?:(.*)\/)?(?:page|route)\.[cm]?[jt]sx?$/.exec(path) ?? [];
  const [, inPages] = /^(?:src\/)?pages\/(.*)\.[cm]?[jt]sx?$/.exec(path) ?? [];
  if (inPages !== undefined) return `/${inPages.replace(/(^|\/)index$/, "")}`;
  if (!/^(?:src\/)?app\/(?:.*\/)?(?:page|route)\./.test(path)) return undefined;
  const parts = (inApp ?? "").split("/").filter((part) => part !== "" && !/^(\(.*\)|@.*)$/.test(part));
  return `/${parts.join("/")}`;
}
