import type { ApplicationFolder } from "../folder.ts";
import type { BackendSettings } from "../settings.ts";
import { type Dependencies, has } from "./dependencies.ts";
import { type Findings, listed } from "./findings.ts";
import type { PythonProject } from "./project.ts";

/** How the database's schema is brought to what the application needs. */
export interface Migrations {
  /** The words of the container that migrates; undefined: there is nothing to migrate. */
  readonly command?: readonly string[];
  /** What it needs beside the application's dependencies, e.g. `alembic==1.14.0`. */
  readonly needs?: string;
}

const runner = ["python", "/opt/migrate/migrate.py"];
const sqlFolders = [
  "migrations",
  "db/migrations",
  "sql/migrations",
  "database/migrations",
  "app/migrations",
  "src/migrations",
];

/** Chooses how to migrate: what the configuration names, Alembic where it is set up, a folder of SQL files, or nothing. */
export async function findMigrations(
  folder: ApplicationFolder,
  project: PythonProject | undefined,
  dependencies: Dependencies | undefined,
  settings: BackendSettings,
  findings: Findings,
): Promise<Migrations> {
  const wanted = settings.migrations ?? "auto";
  if (settings.database === false || wanted === "none") return {};
  if (settings.migrationCommand !== undefined)
    return { command: [...runner, "command", "/app", ...settings.migrationCommand] };
  const files = await folder.list();
  const alembic = wanted === "sql" ? undefined : alembicFolder(files, project);
  const sql = wanted === "alembic" || alembic !== undefined ? undefined : sqlFolder(files);
  if (alembic !== undefined) {
    const needs = alembicBeside(dependencies, findings);
    if (wanted === "auto")
      findings.note(
        `Before each start it migrates by \`alembic upgrade heads\` in ${shown(alembic)}; backend.migrations says otherwise.`,
      );
    const command = [...runner, "command", inImage(alembic), "python", "-m", "alembic", "upgrade", "heads"];
    return { command, ...(needs === undefined ? {} : { needs }) };
  }
  if (sql !== undefined) {
    if (wanted === "auto")
      findings.note(
        `Before each start it migrates by the SQL files of ${shown(sql)}; backend.migrations says otherwise.`,
      );
    return { command: [...runner, "sql", inImage(sql)] };
  }
  if (wanted !== "auto") tellMissing(wanted, findings);
  return {};
}

/** Alembic is often a tool of development alone, in the version that is locked for that. */
function alembicBeside(dependencies: Dependencies | undefined, findings: Findings): string | undefined {
  if (dependencies?.complete !== true || has(dependencies, "alembic")) return undefined;
  const version = dependencies.development.alembic;
  if (version !== undefined) {
    findings.note(
      `Alembic is a dependency for development alone, so the image gets alembic==${version} for its migrations.`,
    );
    return `alembic==${version}`;
  }
  findings.problem(
    `it has an alembic.ini, and Alembic is not among its dependencies; \`${findings.set("backend.migrations", "none")}\` does without`,
    "uv add alembic",
  );
  return undefined;
}

/** The folder that Alembic is started in. */
function alembicFolder(files: readonly string[], project: PythonProject | undefined): string | undefined {
  if (files.includes("alembic.ini")) return "";
  if (project?.alembic === true) return "";
  const inner = files.filter((file) => file.endsWith("/alembic.ini")).sort((a, b) => a.length - b.length);
  return inner[0]?.slice(0, -"/alembic.ini".length);
}

/** The first of the usual folders that has SQL files. */
function sqlFolder(files: readonly string[]): string | undefined {
  return sqlFolders.find((name) =>
    files.some((file) => file.startsWith(`${name}/`) && /^[^/]+\.sql$/.test(file.slice(name.length + 1))),
  );
}

function inImage(folder: string): string {
  return folder === "" ? "/app" : `/app/${folder}`;
}

function shown(folder: string): string {
  return folder === "" ? "its folder" : `${folder}/`;
}

function tellMissing(wanted: "alembic" | "sql", findings: Findings): void {
  const message =
    wanted === "alembic" ? "there is no alembic.ini" : `there are no SQL files in any of ${listed(sqlFolders)}`;
  findings.mendByKey("backend.migrations", message, "none");
}
