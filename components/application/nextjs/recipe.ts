import type { ChartValues } from "../../configuration/configuration.ts";
import type { ApplicationFolder } from "../folder.ts";
import { ApplicationError, type Recipe } from "../recipe.ts";
import type { FrontendSettings } from "../settings.ts";
import { findBuildVariables, shellFile } from "./buildVariables.ts";
import { checkApplication } from "./check.ts";
import { findProbePaths, hasStartPage, type ProbePaths, probeNote } from "./healthPath.ts";
import { type Manifest, parseManifest } from "./manifest.ts";
import { findNextConfig } from "./nextConfig.ts";
import { findPackageManager, type PackageManager } from "./packageManager.ts";
import { decideRendering, type Output } from "./rendering.ts";
import { findServerFeatures } from "./serverFeatures.ts";
import { readSources } from "./sources.ts";
import { localAddressNotes } from "./surprises.ts";

/** What is known of the application beside its folder and its settings. */
export interface NextjsOptions {
  /** The component whose image it is. Default `frontend`. */
  readonly service?: string;
  /** The base image that replaces Node's; what its version admits is not judged then. */
  readonly nodeImage?: string | undefined;
}

/**
 * How the image of a Next.js application is made. Nothing of the application is run: its sources tell whether it is exported
 * to files for nginx or needs Next's server, what installs its dependencies, and what the probes ask.
 *
 * @throws ApplicationError with everything that is in the way.
 */
export async function nextjsRecipe(
  folder: ApplicationFolder,
  settings: FrontendSettings,
  { service = "frontend", nodeImage }: NextjsOptions = {},
): Promise<Recipe> {
  const manifest = await readManifest(service, folder);
  const [sources, paths] = await Promise.all([readSources(folder), folder.list()]);
  const config = findNextConfig(sources);
  const next = manifest.dependencies.next ?? "";
  const features = findServerFeatures(sources, config);
  const rendering = decideRendering({ service, mode: settings.mode, config, features, next });
  const { output } = rendering;
  const installation = await findPackageManager(service, folder, manifest);
  const checked = await checkApplication({ service, folder, manifest, settings, output, nodeImage });
  const problems = [...checked.problems, ...rendering.problems, ...installation.problems];
  if (problems.length > 0) throw new ApplicationError(service, settings.path, problems);

  const build = await findBuildVariables(service, folder.path, settings, { sources, config });
  const probes = findProbePaths(paths, config.basePath, settings);
  return {
    title: `Next.js ${output === "export" ? "as a static export" : "with its server"}, with ${titleOf(installation.manager)}`,
    ...ingredients[output],
    files: { "build.env": shellFile(build.variables) },
    args: argumentsOf(manifest, installation.manager, output, settings),
    values: {
      containerPort: settings.port ?? ports[output],
      ...(service === "frontend" ? { proxy: output === "export" } : {}),
      ...(output === "export" ? exportValues : serverValues(probes)),
    },
    version: manifest.version,
    notes: [
      ...rendering.notes,
      ...installation.notes,
      ...checked.notes,
      ...build.notes,
      ...localAddressNotes(sources),
      ...(output === "standalone" && probes.health === undefined
        ? [probeNote(service, probes, hasStartPage(paths))]
        : []),
    ],
  };
}

/** The port of each, unless the settings name another. */
const ports: Readonly<Record<Output, number>> = { export: 8080, standalone: 3000 };

const tools = { from: "docker/own/nextjs", to: "nextjs" };

/** What of this project each is made with. */
const ingredients: Readonly<Record<Output, Pick<Recipe, "dockerfile" | "extras" | "bases">>> = {
  export: {
    dockerfile: "docker/own/nextjs-export.Dockerfile",
    extras: [tools, { from: "docker/nginx", to: "nginx" }, { from: "docker/own/nginx", to: "own-nginx" }],
    bases: ["NODE_IMAGE", "NGINX_IMAGE"],
  },
  standalone: { dockerfile: "docker/own/nextjs-server.Dockerfile", extras: [tools], bases: ["NODE_IMAGE"] },
};

/** nginx answers for itself, whatever the application is. */
const exportValues: ChartValues = {
  probes: { startup: { path: "/health" }, readiness: { path: "/health" }, liveness: { path: "/health" } },
};

/**
 * A page may wait for the backend: it gets the time that a person would give it, and is not asked whether the server lives,
 * since a backend that is away is no reason to restart it. Then its port tells that.
 */
function serverValues({ health, ready }: ProbePaths): ChartValues {
  const live = { path: health ?? "" };
  const wait = health === undefined ? { timeoutSeconds: 5 } : {};
  return {
    probes: { startup: live, readiness: { path: ready, ...wait }, liveness: live },
    // Where Next keeps the pictures that it has scaled; the rest of the file system is read-only.
    writablePaths: ["/app/.next/cache"],
  };
}

async function readManifest(service: string, folder: ApplicationFolder): Promise<Manifest> {
  const manifest = parseManifest((await folder.read("package.json")) ?? "");
  if (manifest !== undefined) return manifest;
  const problem = (await folder.has("package.json"))
    ? { message: "package.json is not JSON", remedy: "npm pkg fix   (in its folder: says where)" }
    : { message: "there is no package.json", remedy: "npm init   (in its folder)" };
  throw new ApplicationError(service, folder.path, [problem]);
}

function argumentsOf(
  manifest: Manifest,
  manager: PackageManager,
  output: Output,
  { port, apiPath = "/api", apiStripPath = false }: FrontendSettings,
): Readonly<Record<string, string>> {
  return {
    APP_NAME: manifest.name?.replace(/^@/, "").replace(/[^A-Za-z0-9._-]+/g, "-") || "application",
    PACKAGE_MANAGER: manager.kind,
    ...(manager.spec === undefined ? {} : { PACKAGE_MANAGER_PACKAGE: manager.spec }),
    PORT: String(port ?? ports[output]),
    ...(output === "export"
      ? { API_PATH: apiPath, API_REWRITE: apiStripPath ? `^${apiPath}/?(.*)$ /$1` : "^ $uri" }
      : {}),
  };
}

function titleOf({ kind, spec = "npm" }: PackageManager): string {
  return kind === "npm" ? "npm" : `${kind === "pnpm" ? "pnpm" : "Yarn"} ${spec.slice(spec.lastIndexOf("@") + 1)}`;
}
