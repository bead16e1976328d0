"""The connection pool, and the line between "the database is away" and "we have a bug"."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any
from uuid import uuid4

import asyncpg
from sqlalchemy import Executable, Row, exc, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.util import greenlet_spawn
from sqlmodel.ext.asyncio.session import AsyncSession

from todo.database_url import COMMAND_TIMEOUT_SECONDS, DatabaseTarget
from todo.idle_connections import FRESH_SECONDS, ask_idle_connections

# For a transaction, besides the time to connect.
STATEMENT_SECONDS = 1.0
CLOSE_TIMEOUT_SECONDS = 1.0

_AWAY = (
    OSError,
    TimeoutError,
    exc.TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
)


class DatabaseUnavailable(Exception):
    """The database cannot be reached or does not take us; the request may succeed later."""


class Database:
    """A pool of connections to `target`; opens none before the first use."""

    def __init__(self, target: DatabaseTarget, pool_size: int, ping: str = "always") -> None:
        self.engine = create_engine(target, pool_size=pool_size)
        # The same pool. A statement that only reads needs no BEGIN before it and no COMMIT after it; but a pooler must
        # know that what prepares it and what executes it belong to one connection.
        self._reader = self.engine if target.pooled else self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._timeout = target.connect_timeout + STATEMENT_SECONDS
        self._trusted_seconds = FRESH_SECONDS if ping == "always" else math.inf
        # Not set: it has not answered yet, or failed since.
        self._answered_at: float | None = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session that commits at the end of the block. Raises DatabaseUnavailable within seconds."""
        async with (
            self._within_reach(),
            AsyncSession(self.engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    async def read(self, statement: Executable, parameters: Mapping[str, object]) -> Sequence[Row[Any]]:
        """The rows of one statement that changes nothing. Raises DatabaseUnavailable within seconds.

        When the connection turns out to be lost, it is asked again on another one: nothing happens twice by that.
        """
        async with self._within_reach():
            try:
                return await self._read(statement, parameters)
            except exc.DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                return await self._read(statement, parameters)

    async def _read(self, statement: Executable, parameters: Mapping[str, object]) -> Sequence[Row[Any]]:
        # AsyncConnection would change to the synchronous core and back for each of opening, executing and closing.
        return await greenlet_spawn(self._read_in_core, statement, parameters)

    def _read_in_core(self, statement: Executable, parameters: Mapping[str, object]) -> Sequence[Row[Any]]:
        with self._reader.sync_engine.connect() as connection:
            return connection.execute(statement, parameters).all()

    @asynccontextmanager
    async def _within_reach(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._timeout):
                yield
        except Exception as error:
            if is_away(error):
                self._answered_at = None
                raise DatabaseUnavailable(describe(error)) from error
            raise
        self._answered_at = time.monotonic()

    async def ping(self) -> None:
        """Make sure that the database answers, as far as it is to be asked. Raises DatabaseUnavailable."""
        if self._answered_at is None or time.monotonic() - self._answered_at > self._trusted_seconds:
            await self.read(text("SELECT 1"), {})

    async def close(self) -> None:
        """Close all connections, politely for as long as that takes no more than a second."""
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT_SECONDS):
                await self.engine.dispose()
        except TimeoutError:
            await self.engine.dispose(close=False)


def create_engine(
    target: DatabaseTarget, pool_size: int | None, command_timeout: float | None = COMMAND_TIMEOUT_SECONDS
) -> AsyncEngine:
    """An engine on `target`; `pool_size` None keeps no connection open between uses."""

    async def connect(*_arguments: object, **_keywords: object) -> asyncpg.Connection:
        return await target.connect(command_timeout)

    arguments: dict[str, object] = {"async_creator_fn": connect}
    if target.pooled:
        # https://docs.sqlalchemy.org/en/21/dialects/postgresql.html#prepared-statement-name-with-pgbouncer
        arguments |= {
            "prepared_statement_cache_size": 0,
            "prepared_statement_name_func": lambda: f"__asyncpg_{uuid4()}__",
        }
    # Logged errors must not carry what people wrote into their todos.
    create = partial(create_async_engine, "postgresql+asyncpg://", connect_args=arguments, hide_parameters=True)
    if pool_size is None:
        return create(poolclass=NullPool)
    engine = create(pool_size=pool_size, max_overflow=0, pool_timeout=target.connect_timeout, pool_recycle=1800)
    ask_idle_connections(engine)
    return engine


def is_away(error: BaseException | None) -> bool:
    """Whether an error says that the database is away, not that we asked wrongly."""
    if isinstance(error, exc.DBAPIError):
        driver_error = error.orig
        return error.connection_invalidated or is_away(driver_error.__cause__ if driver_error else None)
    return isinstance(error, _AWAY)


def describe(error: BaseException) -> str:
    """The innermost reason in one line, for the log."""
    while isinstance(error, exc.DBAPIError) and error.orig:
        error = error.orig.__cause__ or error.orig
    return f"{type(error).__name__}: {error}".removesuffix(": ").splitlines()[0]
