import type { ApplicationFolder } from "../folder.ts";
import { type Findings, listed } from "./findings.ts";
import { lockedDependencies } from "./lock.ts";
import type { PythonProject } from "./project.ts";
import { parseRequirement, type Requirement } from "./requirement.ts";
import { readRequirements } from "./requirementsFile.ts";

/** What the image installs, and what is known of it before. */
export interface Dependencies {
  /** For people: "uv.lock". */
  readonly title: string;
  /** The way of `docker/own/python/install.py`: the lock of uv, or files of requirements. */
  readonly install: {
    readonly way: "lock" | "requirements";
    /** Files of requirements, below the folder of `files`. */
    readonly requirements: readonly string[];
    /** Whether all members of a workspace are the application. */
    readonly wholeWorkspace: boolean;
  };
  /** The files that the installation reads; of the source, it sees nothing else. */
  readonly files: Readonly<Record<string, string>>;
  readonly requirements: readonly Requirement[];
  /** Whether `requirements` also has what the dependencies depend on. */
  readonly complete: boolean;
  /** Distributions that are locked for development alone, with their versions. */
  readonly development: Readonly<Record<string, string>>;
  /** Distributions that come as source alone, and so may need a compiler. */
  readonly fromSource: readonly string[];
  /** Whether something comes out of a Git repository. */
  readonly git: boolean;
  /** Folders with packages of the application's own, which are installed once the source is there. */
  readonly folders: readonly string[];
}

/** Whether a distribution is among them. */
export function has({ requirements }: Dependencies, name: string): boolean {
  return requirements.some((requirement) => requirement.name === name);
}

/** Files of requirements for a server, the likeliest first. */
const usualNames = [
  "requirements.txt",
  "requirements/prod.txt",
  "requirements/production.txt",
  "requirements/base.txt",
  "requirements/common.txt",
  "requirements/main.txt",
  "requirements/requirements.txt",
  "requirements-prod.txt",
  "requirements.prod.txt",
  "requirements_prod.txt",
];

/**
 * Finds what an application depends on: `uv.lock`, `pyproject.toml`, or a file of requirements.
 *
 * @param pythonMinor - Of the base image, where that is known.
 * @returns undefined where it is told why there are none.
 */
export async function findDependencies(
  folder: ApplicationFolder,
  project: PythonProject | undefined,
  pythonMinor: number | undefined,
  findings: Findings,
): Promise<Dependencies | undefined> {
  const found = await chooseDependencies(folder, project, pythonMinor, findings);
  const outside = (found?.folders ?? []).filter((path) => path.startsWith("..") || path.startsWith("/"));
  if (outside.length === 0) return found;
  findings.mendByKey(
    "backend.path",
    `it takes packages out of folders that are not below it (${listed(outside)}); name the folder above, which has them all`,
    "..",
  );
  return undefined;
}

async function chooseDependencies(
  folder: ApplicationFolder,
  project: PythonProject | undefined,
  pythonMinor: number | undefined,
  findings: Findings,
): Promise<Dependencies | undefined> {
  const lock = await folder.read("uv.lock");
  if (project !== undefined && lock !== undefined) return lockedDependencies(project, lock, pythonMinor, findings);
  const requirements = await requirementsFile(folder, findings);
  const own = project?.standard === true && (project.dependencies?.length ?? 0) > 0 ? project : undefined;
  if (requirements !== undefined && (own === undefined || (await isPinned(folder, requirements)))) {
    if (own !== undefined)
      findings.note(`Dependencies are those of ${requirements}, which names exact versions; a uv.lock would win.`);
    return readRequirements(folder, requirements, findings);
  }
  if (own !== undefined) return projectDependencies(own, findings);
  await explainNone(folder, project, findings);
  return undefined;
}

async function requirementsFile(folder: ApplicationFolder, findings: Findings): Promise<string | undefined> {
  const files = await folder.list();
  const usual = usualNames.filter((name) => files.includes(name));
  const inner = files.filter((name) => /^[^/]+\/requirements\.txt$/.test(name) && !usualNames.includes(name));
  const [chosen, ...others] = [...usual, ...inner];
  if (chosen === undefined) return undefined;
  if (chosen !== "requirements.txt") {
    const beside = others.length === 0 ? "" : `, not those of ${listed(others)}`;
    findings.note(
      `Dependencies are those of ${chosen}${beside}; a requirements.txt or a uv.lock in the folder would win.`,
    );
  }
  return chosen;
}

/** Whether every line names one version, as the output of `pip freeze` and `uv pip compile` does. */
async function isPinned(folder: ApplicationFolder, file: string): Promise<boolean> {
  const { requirements, complete } = await readRequirements(folder, file);
  return complete && requirements.length > 0;
}

function projectDependencies(project: PythonProject, findings: Findings): Dependencies {
  const texts = project.dependencies ?? [];
  for (const { name, path } of project.localSources) {
    findings.problem(
      `${name} is a folder (${path ?? "a member of a workspace"}) by [tool.uv.sources], and there is no uv.lock beside pyproject.toml`,
      `uv lock, and set backend.path to the folder that has uv.lock`,
    );
  }
  findings.note(
    "There is no uv.lock, so each build of the dependencies takes the newest versions that pyproject.toml allows; run `uv lock` to fix them.",
  );
  return {
    title: "pyproject.toml",
    install: { way: "requirements", requirements: ["pyproject.toml"], wholeWorkspace: false },
    files: { "pyproject.toml": project.text },
    requirements: texts.flatMap((text) => parseRequirement(text) ?? []),
    complete: false,
    development: {},
    fromSource: [],
    git: texts.some((text) => text.includes("git+")) || /\bgit\s*=\s*"/.test(project.text),
    folders: [],
  };
}

async function explainNone(
  folder: ApplicationFolder,
  project: PythonProject | undefined,
  findings: Findings,
): Promise<void> {
  if (project?.poetry === true) {
    findings.problem(
      "its dependencies are in Poetry's own table [tool.poetry] of pyproject.toml, which only Poetry reads",
      "poetry self add poetry-plugin-export && poetry export --without-hashes --output requirements.txt",
    );
  } else if (await folder.has("Pipfile")) {
    findings.problem(
      "its dependencies are in a Pipfile, which only Pipenv reads",
      "pipenv requirements > requirements.txt",
    );
  } else if (project?.dynamicDependencies === true) {
    findings.problem(
      "only the build system knows its dependencies (`dynamic` in pyproject.toml)",
      "uv pip compile pyproject.toml --output-file requirements.txt",
    );
  } else if (await folder.has("environment.yml")) {
    findings.problem(
      "its dependencies are in environment.yml, which only Conda reads",
      "pip freeze > requirements.txt",
    );
  } else if (project?.standard === true) {
    findings.problem("its pyproject.toml names no dependencies, not even fastapi", "uv add fastapi uvicorn");
  } else {
    findings.problem(
      "it has neither uv.lock nor pyproject.toml with [project] nor requirements.txt, so its dependencies are not known",
      "pip freeze > requirements.txt",
    );
  }
}
