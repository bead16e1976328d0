"""The connection to PostgreSQL, made when it is first needed."""

from functools import cache

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from library.settings import database_url


@cache
def engine() -> Engine:
    """Share one pool in a process; a connection that the database has closed meanwhile is noticed and replaced."""
    return create_engine(database_url(), pool_pre_ping=True, connect_args={"connect_timeout": 5})


def new_session() -> Session:
    """Open a unit of work; what it has read stays readable after its end."""
    return Session(engine(), expire_on_commit=False)
