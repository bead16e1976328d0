import type { ApplicationFolder } from "../folder.ts";
import { ApplicationError, type Recipe } from "../recipe.ts";
import type { BackendSettings } from "../settings.ts";
import { type Dependencies, findDependencies, has } from "./dependencies.ts";
import { noteDriver } from "./driver.ts";
import { Findings } from "./findings.ts";
import { type ProbePaths, probePaths } from "./health.ts";
import { findMigrations, type Migrations } from "./migrations.ts";
import { type AppModule, findModule } from "./module.ts";
import { type PythonProject, readProject } from "./project.ts";
import { allowsPython, defaultPythonImage, imageFor, minorOf } from "./pythonVersion.ts";
import { readSources, type Source } from "./source.ts";
import { type SystemPackages, systemPackages } from "./systemLibraries.ts";

/** Taken where the dependencies bring no uvicorn. */
const uvicorn = "uvicorn==0.54.0";
/** The chart's default. */
const defaultPort = 8000;

/** What decides beside the application and its settings. */
export interface FastapiOptions {
  /** The base image, where the configuration replaces it. */
  readonly pythonImage?: string | undefined;
  /** The stack that the commands of problems name. */
  readonly stack?: string | undefined;
}

/**
 * Finds how the image of a FastAPI application is made. Nothing is run and nothing is written.
 *
 * @throws ApplicationError that holds every reason why it cannot be, each with the command that mends it.
 */
export async function fastapiRecipe(
  folder: ApplicationFolder,
  settings: BackendSettings,
  { pythonImage = defaultPythonImage, stack }: FastapiOptions = {},
): Promise<Recipe> {
  const findings = new Findings(stack);
  const project = await readProject(folder, findings);
  await checkPython(folder, project, pythonImage, findings);
  const sources = await readSources(folder);
  // A pyproject.toml that cannot be read says nothing of the dependencies either.
  const unreadable = project === undefined && (await folder.has("pyproject.toml"));
  const dependencies = unreadable ? undefined : await findDependencies(folder, project, minorOf(pythonImage), findings);
  const named = { setting: settings.module, entrypoint: project?.entrypoint };
  const serves = settings.serves !== false;
  const app = serves ? await findModule(folder, sources, named, findings) : noModule;
  const asked = serves && app !== undefined ? probePaths(sources, app, settings, findings) : undefined;
  const probes = serves ? asked : noProbes;
  const migrations = await findMigrations(folder, project, dependencies, settings, findings);
  const packages = dependencies === undefined ? undefined : systemPackages(dependencies, settings, findings);
  const usesDatabase = settings.database !== false && settings.databaseEnv === undefined;
  if (usesDatabase && dependencies !== undefined) noteDriver(dependencies, sources, findings);
  if (findings.problems.length > 0 || !dependencies || !app || !probes || !packages) {
    throw new ApplicationError("backend", folder.path, findings.problems);
  }
  const files = await folder.list();
  return recipeOf({ project, sources, files, dependencies, app, probes, migrations, packages }, settings, findings);
}

/** What runs a command of its own is asked nothing: the chart takes the command, and no probes without a port. */
const noModule: AppModule = { target: "", factory: false, root: "" };
const noProbes: ProbePaths = { health: "/", ready: "/" };

/** Everything that was found. */
interface Found {
  readonly project: PythonProject | undefined;
  readonly sources: readonly Source[];
  readonly files: readonly string[];
  readonly dependencies: Dependencies;
  readonly app: AppModule;
  readonly probes: ProbePaths;
  readonly migrations: Migrations;
  readonly packages: SystemPackages;
}

function recipeOf(found: Found, settings: BackendSettings, findings: Findings): Recipe {
  const { project, dependencies, app, probes, migrations, packages } = found;
  const port = settings.port ?? defaultPort;
  const own = ownPackages(found);
  if (app !== noModule && dependencies.complete && !has(dependencies, "uvicorn")) {
    findings.note(
      `Its dependencies have no uvicorn, so the image gets ${uvicorn}; add uvicorn to them to choose the version.`,
    );
  }
  return {
    title: `${app === noModule ? "Python" : `FastAPI (${app.target})`}, with the dependencies of ${dependencies.title}`,
    dockerfile: "docker/own/fastapi.Dockerfile",
    extras: [{ from: "docker/own/python", to: "python" }],
    files: {
      ...Object.fromEntries(Object.entries(dependencies.files).map(([name, text]) => [`dependencies/${name}`, text])),
      "dependencies/install.json": json({
        ...dependencies.install,
        server: uvicorn,
        environment: settings.buildEnv ?? {},
        beside: migrations.needs === undefined ? [] : [migrations.needs],
      }),
      "start.json": json({ module: app.target, factory: app.factory, port }),
    },
    args: {
      APP_TITLE: project?.name ?? "backend",
      APP_PYTHONPATH: pythonPath(found, own).join(":"),
      SYSTEM_PACKAGES: packages.system.join(" "),
      BUILD_PACKAGES: packages.build.join(" "),
      OWN_PACKAGES: own.join(" "),
      MIGRATIONS: migrations.command === undefined ? "none" : "some",
    },
    bases: ["PYTHON_IMAGE", "UV_IMAGE"],
    values: {
      containerPort: port,
      migrations:
        migrations.command === undefined ? { enabled: false } : { enabled: true, command: migrations.command },
      probes: {
        startup: { path: probes.health },
        liveness: { path: probes.health },
        readiness: { path: probes.ready },
      },
    },
    ...(project?.version === undefined ? {} : { version: project.version }),
    notes: findings.notes,
  };
}

/** The folders whose packages are installed beside the source: what only an installation makes is missing without it. */
function ownPackages({ project, sources, dependencies }: Found): readonly string[] {
  const asksForItself = sources.some(({ code }) => /importlib[._]metadata/.test(code));
  const itself = project?.installable === true && (project.entryPoints || asksForItself);
  return [...new Set([...dependencies.folders, ...(itself ? ["."] : [])])];
}

/** Where modules are looked for: the folder that the application names its own from, then the usual ones. */
function pythonPath({ app, files }: Found, own: readonly string[]): readonly string[] {
  const src = files.some((file) => /^src\/.*\.py$/.test(file)) && !files.includes("src/__init__.py");
  const roots = [app.root === "" ? "/app" : `/app/${app.root}`, "/app", ...(src ? ["/app/src"] : [])];
  return [...new Set([...roots, ...(own.length > 0 ? ["/opt/own"] : [])])];
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

async function checkPython(
  folder: ApplicationFolder,
  project: PythonProject | undefined,
  image: string,
  findings: Findings,
): Promise<void> {
  const minor = minorOf(image);
  if (minor === undefined) return;
  const needed = project?.requiresPython;
  if (needed !== undefined && !allowsPython(needed, minor)) {
    const other = imageFor(needed);
    findings.mendByKey("baseImages.PYTHON_IMAGE", `it needs Python ${needed}, and ${image} has 3.${minor}`, other);
    return;
  }
  const pinned = /\b3\.(\d+)/.exec((await folder.read(".python-version")) ?? "")?.[1];
  if (pinned === undefined || Number(pinned) === minor) return;
  const command = findings.set("baseImages.PYTHON_IMAGE", `python:3.${pinned}-slim`);
  findings.note(
    `It is developed with Python 3.${pinned} (.python-version) and runs with 3.${minor}; \`${command}\` changes that.`,
  );
}
