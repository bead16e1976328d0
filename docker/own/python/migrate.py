"""Brings a database's schema to what an application needs, before each start of each replica.

    python migrate.py sql FOLDER                SQL files, by the numbers in their names, each once
    python migrate.py command FOLDER WORD...    a command in a folder, e.g. Alembic's

Several replicas start at once: a lock in the database lets one of them migrate, and the others find nothing left to do.
The lock is a transaction's, on a connection of its own, so that it also holds behind a transaction pooler.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pg8000.exceptions import DatabaseError, InterfaceError

from migrate_database import RETRY_SECONDS, MigrationError, Target, connect_when_up, read_target, reason_of
from migrate_files import run_sql

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Any number that no other program of the database takes for a lock of its own.
LOCK = 7_291_845_103_316

log = logging.getLogger("migrate")


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
