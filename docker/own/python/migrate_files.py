"""SQL files: which there are, in what order they come, and that each is applied once."""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pg8000.exceptions import DatabaseError
from pg8000.native import Connection, literal

from migrate_database import MigrationError, Target, reason_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

TABLE = "todo_stack_migrations"

log = logging.getLogger("migrate")


@dataclass(frozen=True)
class Migration:
    """One file."""

    name: str
    sql: str
    first_line: int
    """Of the statements, in the file."""
    checksum: str
    transaction: bool
    """False: its only statement cannot run in a transaction, e.g. CREATE INDEX CONCURRENTLY."""


# The way up and the way back in one file, as dbmate and goose have them.
UP = re.compile(r"^--\s*(?:migrate:up|\+goose\s+up)\b.*$", re.IGNORECASE | re.MULTILINE)
DOWN = re.compile(r"^--\s*(?:migrate:down|\+goose\s+down)\b", re.IGNORECASE | re.MULTILINE)
NO_TRANSACTION = re.compile(r"^--.*\b(?:no[ -]transaction|transaction:\s*false)\b", re.IGNORECASE | re.MULTILINE)
# The way back in a file of its own: 1_todo.down.sql, 1_todo.rollback.sql, U1__todo.sql (Flyway).
BACK = re.compile(r"(\.(down|rollback|undo)\.sql$)|(^U\d)", re.IGNORECASE)


def read_migrations(folder: Path) -> list[Migration]:
    """Read the files in order: by their numbers where they have some, so that 10 comes after 9."""
    files = [file for file in folder.glob("*.sql") if not BACK.search(file.name)]
    return [read_migration(file) for file in sorted(files, key=lambda file: natural(file.name))]


def natural(name: str) -> list[tuple[int, str]]:
    """Order numbers by their value."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"([0-9]+)", name) if part]


def read_migration(file: Path) -> Migration:
    """Read one file. Its checksum does not count how its lines end, as reading evens that."""
    text = file.read_text(encoding="utf-8-sig")
    down = DOWN.search(text)
    up = UP.search(text)
    start = up.end() if up else 0
    return Migration(
        name=file.name,
        sql=text[start : down.start() if down else len(text)],
        first_line=text.count("\n", 0, start) + 1,
        checksum=hashlib.sha256(text.encode()).hexdigest(),
        transaction=NO_TRANSACTION.search(text) is None,
    )


def run_sql(target: Target, folder: Path) -> None:
    """Apply the files that the database has not seen, each in a transaction. Raises MigrationError."""
    migrations = read_migrations(folder)
    if not migrations:
        raise MigrationError(f"there are no SQL files in {folder}")
    connection = target.connect()
    try:
        connection.run(
            f"CREATE TABLE IF NOT EXISTS {TABLE} (name text PRIMARY KEY, checksum text NOT NULL, "
            "applied_at timestamptz NOT NULL DEFAULT now())"
        )
        applied = {str(name): str(checksum) for name, checksum in connection.run(f"SELECT name, checksum FROM {TABLE}")}  # noqa: S608
        refuse_changed(migrations, applied)
        fresh = [migration for migration in migrations if migration.name not in applied]
        for migration in fresh:
            log.info(f"applying {migration.name}")
            apply(connection, migration)
        log.info(f"applied {len(fresh)} of {len(migrations)} files" if fresh else "schema is up to date")
    finally:
        connection.close()


def refuse_changed(migrations: Sequence[Migration], applied: Mapping[str, str]) -> None:
    """Raise MigrationError for a file that says something else than when it was applied."""
    changed = [one.name for one in migrations if applied.get(one.name, one.checksum) != one.checksum]
    if changed:
        raise MigrationError(
            f"{', '.join(changed)} changed after being applied to this database. Take the change back, and put what it "
            "does into a file of its own"
        )


def apply(connection: Connection, migration: Migration) -> None:
    """Run one file and write down that it was. Raises MigrationError."""
    record = f"INSERT INTO {TABLE} (name, checksum) VALUES ({literal(migration.name)}, '{migration.checksum}')"  # noqa: S608
    try:
        if migration.transaction:
            connection.run("BEGIN")
        if migration.sql.strip():
            connection.run(migration.sql)
        # A dump of a schema begins with an empty search_path, among others.
        connection.run("RESET ALL")
        connection.run(record)
        if migration.transaction:
            connection.run("COMMIT")
    except DatabaseError as error:
        kept = "nothing of it was kept" if migration.transaction else "it has no transaction: look what of it was kept"
        raise MigrationError(f"{migration.name}{line_of(error, migration)}: {reason_of(error)} ({kept})") from error


def line_of(error: DatabaseError, migration: Migration) -> str:
    """Where in the file's statements the server stopped, if it says so."""
    details = error.args[0] if error.args else None
    position = details.get("P") if isinstance(details, dict) else None
    if position is None:
        return ""
    before = migration.sql.count("\n", 0, int(position) - 1)
    return f", line {migration.first_line + before}"
