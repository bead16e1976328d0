"""What the tests share: databases of their own on a real PostgreSQL, and the application on one of them."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from todo.app import create_app
from todo.lifecycle import Lifecycle
from todo.migrate import migrate
from todo.settings import Settings, read_settings


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres_url() -> str:
    url = os.environ.get("TEST_DATABASE_URL")
    if not url:
        pytest.fail("set TEST_DATABASE_URL=postgresql://user:password@host:5432/database to a PostgreSQL for tests")
    return url


async def execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()


async def create_database(postgres_url: str) -> str:
    name = f"test_{uuid4().hex}"
    await execute(postgres_url, f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
    return urlsplit(postgres_url)._replace(path=f"/{name}").geturl()


async def drop_database(postgres_url: str, url: str) -> None:
    await execute(postgres_url, f"DROP DATABASE {urlsplit(url).path[1:]} WITH (FORCE)")


@pytest.fixture
async def empty_database(postgres_url: str) -> AsyncIterator[str]:
    """URL of a database without any table."""
    url = await create_database(postgres_url)
    yield url
    await drop_database(postgres_url, url)


@pytest.fixture(scope="session")
def shared_database(postgres_url: str) -> Iterator[str]:
    async def create() -> str:
        url = await create_database(postgres_url)
        await migrate(settings_for(url).database)
        return url

    url = asyncio.run(create())
    yield url
    asyncio.run(drop_database(postgres_url, url))


@pytest.fixture
async def database(shared_database: str) -> str:
    """URL of a migrated database without todos."""
    await execute(shared_database, "TRUNCATE todo")
    return shared_database


def other_user(url: str) -> str:
    """The same URL with a user that the server does not know."""
    parts = urlsplit(url)
    return parts._replace(netloc="nobody-at-all:wrong@" + parts.netloc.rpartition("@")[2]).geturl()


def settings_for(url: str, **environment: str) -> Settings:
    return read_settings({"DATABASE_URL": url, "APP_VERSION": "1.2.3", **environment})


@pytest.fixture
def lifecycle() -> Lifecycle:
    return Lifecycle()


@pytest.fixture
async def app(database: str, lifecycle: Lifecycle) -> AsyncIterator[FastAPI]:
    app = create_app(settings_for(database), lifecycle)
    yield app
    await app.state.services.database.close()


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        yield client
