"""Asks a connection whether it is still there before it is used, when it was idle for long enough to have been lost.

SQLAlchemy's own `pool_pre_ping` asks each time, which is three round trips before a statement of one.
"""

from __future__ import annotations

import time

from sqlalchemy import Dialect, event, exc
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

FRESH_SECONDS = 1.0
"""What answered this recently needs no question of its own."""
_USED_AT = "used_at"


def ask_idle_connections(engine: AsyncEngine) -> None:
    """Make the engine's pool hand out connections that are alive, as far as one can know."""
    dialect = engine.sync_engine.dialect

    def returned(_connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        entry.info[_USED_AT] = time.monotonic()

    def taken(connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:
        used_at = entry.info.pop(_USED_AT, None)
        if used_at is None:
            # Opened just now.
            return
        assert connection.driver_connection is not None
        fresh = time.monotonic() - used_at < FRESH_SECONDS
        if connection.driver_connection.is_closed() or not (fresh or _answers(dialect, connection)):
            # Where one is lost the others are too: the pool opens all of them anew.
            raise exc.InvalidatePoolError

    event.listen(engine.sync_engine, "checkin", returned)
    event.listen(engine.sync_engine, "checkout", taken)


def _answers(dialect: Dialect, connection: DBAPIConnection) -> bool:
    assert dialect.loaded_dbapi is not None
    try:
        return dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error:
        return False
