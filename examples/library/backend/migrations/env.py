"""Brings the database to the newest revision: `alembic upgrade head`, before the API starts."""

from alembic import context

from library.database import engine
from library.models import Base

with engine().connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()
