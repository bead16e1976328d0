"""Alembic's entry: on the connection it is given, on one of its own for developers, or as SQL text."""

import asyncio

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

from todo.database import create_engine
from todo.models import Todo
from todo.settings import settings_or_exit

METADATA = SQLModel.metadata
assert Todo.__tablename__ in METADATA.tables


def run(connection: Connection) -> None:
    """Run the asked revisions on a connection."""
    context.configure(connection=connection, target_metadata=METADATA)
    with context.begin_transaction():
        context.run_migrations()


async def run_on_own_connection() -> None:
    """For `alembic revision --autogenerate` and the like: DATABASE_URL says where."""
    engine = create_engine(settings_or_exit().migrations, pool_size=None, command_timeout=None)
    async with engine.begin() as connection:
        await connection.run_sync(run)


if context.is_offline_mode():
    context.configure(dialect_name="postgresql", target_metadata=METADATA, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
elif (given := context.config.attributes.get("connection")) is not None:
    run(given)
else:
    asyncio.run(run_on_own_connection())
