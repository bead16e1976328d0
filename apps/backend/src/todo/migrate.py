"""`python -m todo.migrate`: brings the database's schema to what this version needs, then ends.

Made to run before every start of every replica: when nothing is to be done it says so within a moment, because it then
imports neither Alembic nor SQLAlchemy.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
import sys
import time
from pathlib import Path

import asyncpg

from todo.database_url import DatabaseTarget
from todo.logs import configure_logs
from todo.migrations import MigrationError
from todo.settings import settings_or_exit

WAIT_SECONDS = 60.0
# A login may be made at the same time as we start: as long as that takes, and no longer than a mistake may stay hidden.
LOGIN_WAIT_SECONDS = 30.0
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
# No such login, a password that is not valid (yet), or no entry for it in pg_hba.conf.
_REFUSED = asyncpg.InvalidAuthorizationSpecificationError
log = logging.getLogger("todo.migrate")


def head_revision(versions: Path = VERSIONS) -> str:
    """The newest revision: files are named `<number>_<what>.py`, and their revision is the number."""
    return max(file.name.split("_")[0] for file in versions.glob("[0-9]*.py"))


async def migrate(
    target: DatabaseTarget, wait_seconds: float = WAIT_SECONDS, login_wait_seconds: float = LOGIN_WAIT_SECONDS
) -> None:
    """Upgrade to the newest revision if that is needed. Raises MigrationError."""
    head = head_revision()
    connection = await _connect_when_up(target, wait_seconds, login_wait_seconds)
    try:
        current = await _current_revision(connection)
    finally:
        await connection.close(timeout=2)
    if current is not None and current >= head:
        # Ahead: a newer version was here and was rolled back. Its schema must serve us too, by the rule in the README.
        state = "up to date" if current == head else "ahead of this version: leaving it as it is"
        log.info("schema is %s", state, extra={"revision": current, "head": head})
        return
    log.info("migrating", extra={"revision": current, "head": head, "address": target.address})
    if target.pooled:
        log.info("migrating through a pooler: set DATABASE_DIRECT_URL to the database's own address to go around it")
    from todo.migrations.upgrade import upgrade  # noqa: PLC0415 - slow to import, and needed only here

    await upgrade(target)
    log.info("migrated", extra={"revision": head})


async def _connect_when_up(
    target: DatabaseTarget, wait_seconds: float, login_wait_seconds: float
) -> asyncpg.Connection:
    start = time.monotonic()
    reported = float("-inf")
    # By "was the login refused?": that has a time of its own, which begins when the database is up and refuses first.
    since = {False: start}
    while True:
        try:
            return await target.connect()
        except (*_PASSING, _REFUSED) as error:
            now = time.monotonic()
            reason = str(error) or type(error).__name__
            if mistake := _encryption_mistake(error):
                raise MigrationError(f"the database at {target.address} {mistake} ({reason})") from error
            refused = isinstance(error, _REFUSED)
            seconds = login_wait_seconds if refused else wait_seconds
            if now + RETRY_SECONDS > since.setdefault(refused, now) + seconds:
                explain = _refusal if refused else _silence
                raise MigrationError(explain(target, reason, seconds)) from error
            if now - reported >= REPORT_SECONDS:
                reported = now
                waited = round(now - start)
                log.info("waiting for the database at %s: %s", target.address, reason, extra={"waited_s": waited})
        await asyncio.sleep(RETRY_SECONDS)


def _silence(target: DatabaseTarget, reason: str, seconds: float) -> str:
    return (
        f"the database at {target.address} did not answer within {seconds:.0f} s ({reason}). "
        "Check that it runs and that DATABASE_URL names its address"
    )


def _refusal(target: DatabaseTarget, reason: str, seconds: float) -> str:
    return (
        f"the database at {target.address} refused the login for {seconds:.0f} s ({reason}). "
        "Check the user and the password in DATABASE_URL, and that the database has this login"
    )


def _encryption_mistake(error: Exception) -> str | None:
    """What is wrong with the encryption, which no waiting mends, and what mends it; None for every other error."""
    if isinstance(error, ssl.SSLCertVerificationError):
        if "not valid for" in error.verify_message:
            return "shows a certificate of another name. Connect by a name that the certificate has"
        return (
            "shows a certificate that cannot be verified. Name the authority that signed it: databaseCa of the stack, "
            "database.caCertificate of the chart, PGSSLROOTCERT of this process"
        )
    if isinstance(error, _REFUSED) and str(error).endswith("no encryption"):
        return "takes encrypted connections alone. Set sslmode=verify-full or sslmode=require in its URL"
    if isinstance(error, ConnectionError) and "rejected SSL upgrade" in str(error):
        return "does not encrypt. Turn TLS on there, or take another sslmode in its URL"
    return None


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
        asyncio.run(migrate(settings.migrations))
    except MigrationError as error:
        log.error("migration failed: %s", error)
        sys.exit(1)
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        log.error("migration failed: the database at %s says: %s", settings.migrations.address, error)
        sys.exit(1)
    except Exception:
        log.exception("migration failed: nothing was changed")
        sys.exit(1)


if __name__ == "__main__":
    main()
