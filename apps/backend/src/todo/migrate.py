"""`python -m todo.migrate`: brings the database's schema to what this version needs, then ends.

Made to run before every start of every replica: when nothing is to be done it says so within a moment, because it then
imports neither Alembic nor SQLAlchemy.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from pathlib import Path

import asyncpg

from todo.database_url import DatabaseTarget
from todo.logs import configure_logs
from todo.migrations import MigrationError
from todo.settings import settings_or_exit

WAIT_SECONDS = 60.0
RETRY_SECONDS = 0.5
REPORT_SECONDS = 5.0
VERSIONS = Path(__file__).parent / "migrations" / "versions"
# What passes by itself: the database starts, restarts, is full for a moment, or has no name in the DNS yet.
_PASSING = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.TooManyConnectionsError,
)
log = logging.getLogger("todo.migrate")


def head_revision(versions: Path = VERSIONS) -> str:
    """The newest revision: files are named `<number>_<what>.py`, and their revision is the number."""
    return max(file.name.split("_")[0] for file in versions.glob("[0-9]*.py"))


async def migrate(target: DatabaseTarget, wait_seconds: float = WAIT_SECONDS) -> None:
    """Upgrade to the newest revision if that is needed. Raises MigrationError."""
    head = head_revision()
    connection = await _connect_when_up(target, wait_seconds)
    try:
        current = await _current_revision(connection)
    finally:
        await connection.close(timeout=2)
    if current is not None and current >= head:
        # Ahead: a newer version was here and was rolled back. Its schema must serve us too, by the rule in the README.
        state = "up to date" if current == head else "ahead of this version: leaving it as it is"
        log.info("schema is %s", state, extra={"revision": current, "head": head})
        return
    log.info("migrating", extra={"revision": current, "head": head})
    from todo.migrations.upgrade import upgrade  # noqa: PLC0415 - slow to import, and needed only here

    await upgrade(target)
    log.info("migrated", extra={"revision": head})


async def _connect_when_up(target: DatabaseTarget, wait_seconds: float) -> asyncpg.Connection:
    start = time.monotonic()
    reported = float("-inf")
    while True:
        try:
            return await target.connect()
        except _PASSING as error:
            waited = time.monotonic() - start
            reason = str(error) or type(error).__name__
            if waited + RETRY_SECONDS > wait_seconds:
                raise MigrationError(
                    f"the database at {target.address} did not answer within {wait_seconds:.0f} s ({reason}). "
                    "Check that it runs and that DATABASE_URL names its address"
                ) from error
            if waited - reported >= REPORT_SECONDS:
                reported = waited
                log.info(
                    "waiting for the database at %s: %s", target.address, reason, extra={"waited_s": round(waited)}
                )
        await asyncio.sleep(RETRY_SECONDS)


async def _current_revision(connection: asyncpg.Connection) -> str | None:
    if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
        return None
    revision: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
    return revision


def main() -> None:
    """Entry point: exit status 0 when the schema serves this version, 1 with one message when not."""
    configure_logs("info")
    settings = settings_or_exit()
    configure_logs(settings.log_level)
    try:
        asyncio.run(migrate(settings.database))
    except MigrationError as error:
        log.error("migration failed: %s", error)
        sys.exit(1)
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        log.error("migration failed: the database at %s says: %s", settings.database.address, error)
        sys.exit(1)
    except Exception:
        log.exception("migration failed: nothing was changed")
        sys.exit(1)


if __name__ == "__main__":
    main()
