"""Runs Alembic on our own connection, under one lock."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from todo.database import create_engine, describe
from todo.database_url import DatabaseTarget
from todo.migrations import MigrationError

# Any number will do, as long as nothing else in the database uses it: the first bytes of "todo-migrations".
LOCK_KEY = int.from_bytes(b"todo-mig")
LOCK_WAIT = "60s"
# A change of a table waits for its readers, and everybody else waits behind it: rather fail and be started again.
TABLE_LOCK_WAIT = "10s"


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without a file. `connection` is what `env.py` then uses."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


async def upgrade(target: DatabaseTarget) -> None:
    """Upgrade to the newest revision, all or nothing; several callers at once do it one after the other.

    Raises MigrationError. The lock belongs to the transaction, not to the session, so that it also holds behind a
    transaction pooler.
    """
    engine = create_engine(target, pool_size=None, command_timeout=None)
    try:
        async with engine.begin() as connection:
            await _upgrade_under_lock(connection)
    except (DBAPIError, OSError, TimeoutError) as error:
        raise MigrationError(f"{describe(error)}. Nothing was changed") from error


async def _upgrade_under_lock(connection: AsyncConnection) -> None:
    await connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_WAIT}'"))
    await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
    await connection.execute(text(f"SET LOCAL lock_timeout = '{TABLE_LOCK_WAIT}'"))
    await connection.run_sync(lambda sync: command.upgrade(alembic_config(sync), "head"))
