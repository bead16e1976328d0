"""Brings a database's schema to what an application needs, before each start of each replica.

    python migrate.py sql FOLDER                SQL files, by the numbers in their names, each once
    python migrate.py command FOLDER WORD...    a command in a folder, e.g. Alembic's

Several replicas start at once: a lock in the database lets one of them migrate, and the others find nothing left to do.
The lock is a transaction's, on a connection of its own, so that it also holds behind a transaction pooler. The driver
is this program's own, whatever the application uses.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import signal
import ssl
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from pg8000.exceptions import DatabaseError, InterfaceError
from pg8000.native import Connection, literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

EXAMPLE = "postgresql://user:password@host:5432/name"
# As apps/backend/src/todo/migrate.py: a database may start at the same time, and its login be made then.
WAIT_SECONDS = 60.0
LOGIN_WAIT_SECONDS = 30.0
RETRY_SECONDS = 0.5
CONNECT_SECONDS = 10
# Any number that no other program of the database takes for a lock of its own.
LOCK = 7_291_845_103_316
TABLE = "todo_stack_migrations"
# https://www.postgresql.org/docs/17/libpq-ssl.html
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
# Of logins, and of a database that is not there (yet): https://www.postgresql.org/docs/17/errcodes-appendix.html
LOGIN_CODES = ("28", "3D000")
# Starting, stopping, or full for a moment.
PASSING_CODES = ("57P", "53300", "08")

log = logging.getLogger("migrate")


class MigrationError(Exception):
    """Why there was no migration, in words for a person."""


@dataclass(frozen=True)
class Target:
    """Where the database is and how to speak to it. Its text never shows the password."""

    user: str
    password: str | None = field(repr=False)
    host: str
    port: int
    database: str
    ssl_context: ssl.SSLContext | bool | None = field(repr=False)
    """As pg8000 has it: False for none, None for "if the server has it", True without a look at the certificate."""

    @property
    def address(self) -> str:
        """`host:port/database`, for messages."""
        return f"{self.host}:{self.port}/{self.database}"

    def connect(self) -> Connection:
        """Open one connection. Raises OSError, InterfaceError or DatabaseError."""
        with deadline(CONNECT_SECONDS):
            return Connection(
                self.user,
                host=self.host,
                port=self.port,
                database=self.database,
                password=self.password,
                ssl_context=self.ssl_context,
                application_name="migrate",
            )


@contextmanager
def deadline(seconds: int) -> Iterator[None]:
    """Raise TimeoutError in what takes longer. A timeout of the socket would end long migrations too."""

    def late(*_: object) -> None:
        raise TimeoutError(f"no answer within {seconds} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def read_target(environment: Mapping[str, str]) -> Target:
    """Read the database's URL as SQLAlchemy, asyncpg and libpq write it. Raises MigrationError without a secret."""
    name = "DATABASE_DIRECT_URL" if environment.get("DATABASE_DIRECT_URL") else "DATABASE_URL"
    url = environment.get(name)
    if not url:
        raise MigrationError(f"DATABASE_URL is not set: it must be like {EXAMPLE}")
    parts = urlsplit(url)
    try:
        port = parts.port or 5432
    except ValueError as error:
        raise MigrationError(
            f"the port in {name} is no number (a password's special characters must be %-encoded)"
        ) from error
    database = unquote(parts.path.strip("/"))
    if parts.scheme.split("+")[0] not in {"postgres", "postgresql"} or not parts.hostname or not database:
        raise MigrationError(f"{name} must name a user, a host and a database, like {EXAMPLE}")
    parameters = dict(parse_qsl(parts.query, keep_blank_values=True))
    return Target(
        user=unquote(parts.username or environment.get("PGUSER", "postgres")),
        password=unquote(parts.password) if parts.password is not None else environment.get("PGPASSWORD"),
        host=parts.hostname,
        port=port,
        database=database,
        ssl_context=ssl_context(parameters, environment),
    )


def ssl_context(parameters: Mapping[str, str], environment: Mapping[str, str]) -> ssl.SSLContext | bool | None:
    """How to encrypt: `sslmode`, or asyncpg's `ssl`, and the authority that signed the server's certificate."""
    mode = parameters.get("sslmode") or parameters.get("ssl") or "prefer"
    mode = {"true": "require", "false": "disable"}.get(mode.lower(), mode)
    if mode not in SSL_MODES:
        raise MigrationError(f'sslmode "{mode}" is not one of {", ".join(SSL_MODES)}')
    root = parameters.get("sslrootcert") or environment.get("PGSSLROOTCERT") or "system"
    # As in libpq: who names an authority has its signature checked.
    if mode == "require" and root != "system":
        mode = "verify-ca"
    if not mode.startswith("verify"):
        return {"disable": False, "require": True}.get(mode)
    try:
        context = ssl.create_default_context(cafile=None if root == "system" else root)
    except OSError as error:
        raise MigrationError(f'sslrootcert "{root}" cannot be read: {error.strerror or error}') from error
    if root != "system":
        # Private authorities often lack extensions that Python 3.13 insists on; libpq does not.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    context.check_hostname = mode == "verify-full"
    return context


def connect_when_up(
    target: Target, wait_seconds: float = WAIT_SECONDS, login_wait_seconds: float = LOGIN_WAIT_SECONDS
) -> Connection:
    """Wait for a database that starts, and a shorter time for a login that is being made. Raises MigrationError."""
    start = time.monotonic()
    refused_since: float | None = None
    told = False
    while True:
        try:
            return target.connect()
        except (OSError, InterfaceError, DatabaseError) as error:
            refuse_mistake(target, error)
            now = time.monotonic()
            refused = code_of(error).startswith(LOGIN_CODES)
            if refused and refused_since is None:
                refused_since = now
            since, seconds = (refused_since, login_wait_seconds) if refused else (start, wait_seconds)
            if now + RETRY_SECONDS > (since or start) + seconds:
                answer = "refused the login" if refused else "did not answer"
                raise MigrationError(
                    f"the database at {target.address} {answer} for {seconds:.0f} s ({reason_of(error)}). "
                    "Check the address, the user and the password in DATABASE_URL"
                ) from error
            if not told:
                log.info(f"waiting for the database at {target.address}: {reason_of(error)}")
                told = True
        time.sleep(RETRY_SECONDS)


def refuse_mistake(target: Target, error: Exception) -> None:
    """Raise MigrationError for what no waiting mends."""
    certificate = next((one for one in (error, error.__cause__) if isinstance(one, ssl.SSLCertVerificationError)), None)
    if certificate is not None:
        raise MigrationError(
            f"the certificate of the database at {target.address} cannot be verified ({certificate.verify_message}). "
            "Name the authority that signed it: databaseCa of the stack, PGSSLROOTCERT of this process"
        ) from error
    if isinstance(error, InterfaceError) and "refuses SSL" in str(error):
        raise MigrationError(
            f"the database at {target.address} does not encrypt. Turn TLS on there, or take another sslmode in its URL"
        ) from error
    code = code_of(error)
    if isinstance(error, DatabaseError) and not code.startswith((*LOGIN_CODES, *PASSING_CODES)):
        raise MigrationError(f"the database at {target.address} says: {reason_of(error)}") from error


def code_of(error: Exception) -> str:
    """The SQLSTATE; empty where the server did not speak."""
    details = error.args[0] if isinstance(error, DatabaseError) and error.args else None
    return str(details.get("C", "")) if isinstance(details, dict) else ""


def reason_of(error: Exception) -> str:
    """What went wrong, in one line."""
    details = error.args[0] if isinstance(error, DatabaseError) and error.args else None
    if isinstance(details, dict):
        more = [str(details[key]) for key in ("D", "H") if key in details]
        return ". ".join([str(details.get("M", "unknown")), *more])
    return str(error.__cause__ or error) or type(error).__name__


@contextmanager
def locked(target: Target) -> Iterator[None]:
    """Hold the lock, after whoever has it now. Raises MigrationError."""
    connection = connect_when_up(target)
    try:
        connection.run("BEGIN")
        # The login may have limits, which are for requests: this transaction waits for others, and for the migration.
        for setting in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
            connection.run(f"SET LOCAL {setting} = 0")
        told = False
        # Asked again and again: a statement that waits for the lock has a snapshot, for whose end the CREATE INDEX
        # CONCURRENTLY of the one that migrates would wait in turn.
        while not connection.run(f"SELECT pg_try_advisory_xact_lock({LOCK})")[0][0]:
            if not told:
                log.info("waiting for another replica that migrates")
            told = True
            time.sleep(RETRY_SECONDS)
        yield
        connection.run("COMMIT")
    finally:
        connection.close()


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


def run_command(folder: Path, words: Sequence[str]) -> None:
    """Run a command with the environment of this process. Raises MigrationError where it fails."""
    log.info(f"running {' '.join(words)}")
    try:
        process = subprocess.Popen(words, cwd=folder)  # noqa: S603 - the words of the image's own configuration
    except OSError as error:
        raise MigrationError(f"{words[0]} cannot be run in {folder}: {error.strerror}") from error
    try:
        code = process.wait()
    except SystemExit:
        process.terminate()
        process.wait()
        raise
    if code != 0:
        raise MigrationError(f"`{' '.join(words)}` ended with status {code}; what it said is above")
    log.info("done")


def main(way: str, folder: str, *words: str) -> None:
    """Entry point: exit status 0 when the schema serves this version, 1 with one message when not."""
    logging.basicConfig(level="INFO", format="migrate: %(message)s", stream=sys.stdout)
    # As the first process of a container it would not hear the signal at all.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        target = read_target(os.environ)
        with locked(target):
            if way == "sql":
                run_sql(target, Path(folder))
            else:
                run_command(Path(folder), words)
    except MigrationError as error:
        log.error("failed: %s", error)
        sys.exit(1)
    except (OSError, InterfaceError, DatabaseError) as error:
        log.error("failed: the database says: %s", reason_of(error))
        sys.exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
