import { type Dependencies, has } from "./dependencies.ts";
import type { Findings } from "./findings.ts";
import type { Source } from "./source.ts";

/** Drivers of SQLAlchemy by their distributions: https://docs.sqlalchemy.org/en/21/dialects/postgresql.html */
const drivers: Readonly<Record<string, string>> = {
  asyncpg: "asyncpg",
  psycopg: "psycopg",
  psycopg2: "psycopg2",
  "psycopg2-binary": "psycopg2",
  pg8000: "pg8000",
};

/**
 * Tells how to spell the database's URL where SQLAlchemy must be told its driver: `postgresql://` means psycopg2 up to
 * version 2.0 and psycopg from 2.1. Silent where the source names the driver itself.
 */
export function noteDriver(dependencies: Dependencies, sources: readonly Source[], findings: Findings): void {
  if (!["sqlalchemy", "sqlmodel", "alembic"].some((name) => has(dependencies, name))) return;
  const found = [
    ...new Set(
      Object.keys(drivers)
        .filter((name) => has(dependencies, name))
        .map((name) => drivers[name]),
    ),
  ];
  const [driver] = found;
  if (driver === undefined || sources.some(({ code }) => code.includes("postgresql+"))) return;
  const command = findings.set("backend.databaseEnv.DATABASE_URL", `'postgresql+${driver}://$(DATABASE_LOCATION)'`);
  findings.note(
    `DATABASE_URL begins with postgresql://, and SQLAlchemy is told of ${driver} by postgresql+${driver}://; where the application does not see to that itself, \`${command}\` does.`,
  );
}
