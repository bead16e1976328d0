"""Databases of the tests' own on a real PostgreSQL."""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from pg8000.native import Connection

from migrate_database import read_target


@pytest.fixture(scope="session")
def postgres_url() -> str:
    url = os.environ.get("TEST_DATABASE_URL")
    if not url:
        pytest.fail("set TEST_DATABASE_URL=postgresql://user:password@host:5432/database to a PostgreSQL for tests")
    return url


def connect(url: str) -> Connection:
    return read_target({"DATABASE_URL": url}).connect()


def query(url: str, statement: str) -> list[list[object]]:
    connection = connect(url)
    try:
        rows: list[list[object]] | None = connection.run(statement)
    finally:
        connection.close()
    return rows or []


@pytest.fixture
def database(postgres_url: str) -> Iterator[str]:
    """URL of a database without any table."""
    name = f"test_{uuid4().hex}"
    query(postgres_url, f"CREATE DATABASE {name} TEMPLATE template0")
    yield urlsplit(postgres_url)._replace(path=f"/{name}").geturl()
    query(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")
