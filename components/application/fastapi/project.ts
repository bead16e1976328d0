import { parse, TomlError } from "smol-toml";
import type { ApplicationFolder } from "../folder.ts";
import type { Findings } from "./findings.ts";
import { normalised } from "./requirement.ts";

/** A table of a TOML file. */
export type Table = Readonly<Record<string, unknown>>;

/** What `pyproject.toml` says, as far as an image needs to know it. */
export interface PythonProject {
  readonly text: string;
  /** Normalised. */
  readonly name?: string;
  readonly version?: string;
  /** E.g. `>=3.11`. */
  readonly requiresPython?: string;
  /** As they stand there; undefined: the table `[project]` names none. */
  readonly dependencies?: readonly string[];
  /** Whether the build system alone knows the dependencies. */
  readonly dynamicDependencies: boolean;
  /** Whether there is a table `[project]`. */
  readonly standard: boolean;
  /** Whether Poetry's own table names the dependencies. */
  readonly poetry: boolean;
  /** Whether the project can be installed. */
  readonly installable: boolean;
  /** Whether it has programs or plug-ins that only an installation makes. */
  readonly entryPoints: boolean;
  /** `[tool.fastapi] entrypoint`, e.g. `app.main:app`. */
  readonly entrypoint?: string;
  /** Whether `[tool.alembic]` says where the revisions are. */
  readonly alembic: boolean;
  /** Folders of packages that are part of the application: `[tool.uv.sources]` with a path or of a workspace. */
  readonly localSources: readonly LocalSource[];
}

/** A dependency that is a folder. */
export interface LocalSource {
  readonly name: string;
  /** The folder, as it stands there; undefined: a member of a workspace. */
  readonly path?: string;
}

/** Reads `pyproject.toml`; undefined where there is none, or where it is told that it cannot be read. */
export async function readProject(folder: ApplicationFolder, findings: Findings): Promise<PythonProject | undefined> {
  const text = await folder.read("pyproject.toml");
  const whole = text === undefined ? undefined : parseToml("pyproject.toml", text, findings);
  return text === undefined || whole === undefined ? undefined : projectOf(text, whole);
}

/** Reads a TOML file; undefined where it is told that it cannot be read. */
export function parseToml(name: string, text: string, findings: Findings): Table | undefined {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    findings.problem(`${name}, line ${error.line}, is no TOML: ${error.message.split("\n")[0]}`, `edit ${name}`);
    return undefined;
  }
}

function projectOf(text: string, whole: Table): PythonProject {
  const project = tableIn(whole, "project");
  const [name, version] = [textIn(project, "name"), textIn(project, "version")];
  const poetry = tableIn(whole, "tool", "poetry");
  const requiresPython = textIn(project, "requires-python") ?? poetryPython(poetry);
  const entrypoint = textIn(tableIn(whole, "tool", "fastapi"), "entrypoint");
  const standard = "project" in whole;
  const ownVersion = version ?? textIn(poetry, "version");
  return {
    text,
    ...(name === undefined ? {} : { name: normalised(name) }),
    ...(ownVersion === undefined ? {} : { version: ownVersion }),
    ...(requiresPython === undefined ? {} : { requiresPython }),
    ...("dependencies" in project ? { dependencies: textsIn(project, "dependencies") } : {}),
    dynamicDependencies: textsIn(project, "dynamic").includes("dependencies"),
    standard,
    poetry: !standard && Object.keys(poetry).length > 0,
    installable: "build-system" in whole && tableIn(whole, "tool", "uv").package !== false,
    entryPoints: ["scripts", "gui-scripts", "entry-points"].some((key) => key in project),
    ...(entrypoint === undefined ? {} : { entrypoint }),
    alembic: "script_location" in tableIn(whole, "tool", "alembic"),
    localSources: localSources(tableIn(whole, "tool", "uv", "sources")),
  };
}

/** Poetry keeps the versions of Python among the dependencies. */
function poetryPython(poetry: Table): string | undefined {
  return textIn(tableIn(poetry, "dependencies"), "python");
}

function localSources(sources: Table): LocalSource[] {
  return Object.entries(sources).flatMap(([name, source]) => {
    const table = tableIn({ source }, "source");
    const path = textIn(table, "path");
    if (path !== undefined) return [{ name: normalised(name), path }];
    return table.workspace === true ? [{ name: normalised(name) }] : [];
  });
}

/** The table at a path; empty where there is none. */
export function tableIn(table: Table, ...path: readonly string[]): Table {
  return path.reduce<Table>((outer, key) => {
    const inner = outer[key];
    return typeof inner === "object" && inner !== null && !Array.isArray(inner) ? (inner as Table) : {};
  }, table);
}

/** The tables of a list. */
export function tablesIn(table: Table, key: string): readonly Table[] {
  const list = table[key];
  return Array.isArray(list) ? list.map((item) => tableIn({ item }, "item")) : [];
}

/** A text, where it is one. */
export function textIn(table: Table, key: string): string | undefined {
  const value = table[key];
  return typeof value === "string" ? value : undefined;
}

/** A list's texts. */
export function textsIn(table: Table, key: string): readonly string[] {
  const value = table[key];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}
