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
  readonly health: string;
  readonly ready: string;
  /** Whether the health path is a route for it; if not, it is the page itself. */
  readonly isFound: boolean;
}

/**
 * Finds what the probes ask of Next's server: a route that is there for it, or the page.
 *
 * @param paths - The application's files.
 * @param basePath - Where its pages begin.
 */
export function findProbePaths(paths: readonly string[], basePath: string): ProbePaths {
  const routes = new Set(paths.flatMap((path) => routeOf(path) ?? []));
  const health = healthRoutes.find((route) => routes.has(route));
  const ready = readyRoutes.find((route) => routes.has(route)) ?? health;
  const page = basePath === "" ? "/" : basePath;
  return {
    health: health === undefined ? page : basePath + health,
    ready: ready === undefined ? page : basePath + ready,
    isFound: health !== undefined,
  };
}

/** Whether the page at the beginning is among the files. */
export function hasStartPage(paths: readonly string[]): boolean {
  return paths.some((path) => routeOf(path) === "/");
}

/** The note on a page that the probes ask for want of anything better. */
export function probeNote(service: string, { health, isFound }: ProbePaths, isPage: boolean): readonly string[] {
  if (isFound) return [];
  const missing = isPage ? "" : `, though no file for that page was found`;
  const looked = enumerate(["app/api/health/route.ts", "app/health/route.ts", "pages/api/health.ts"]);
  return [
    `The readiness probe asks ${health}${missing}, and the others whether the port is open: a route that answers without the backend is better, such as ${looked} (${service}.healthPath says which)`,
  ];
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
