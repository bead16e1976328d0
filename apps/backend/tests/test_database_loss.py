"""The database goes away and comes back; nobody restarts anything."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response
from sqlalchemy import text

from conftest import execute, other_user, settings_for
from proxy import Proxy
from todo.app import create_app
from todo.database import Database
from todo.idle_connections import FRESH_SECONDS
from todo.lifecycle import Lifecycle


@pytest.fixture
async def proxy(database: str) -> AsyncIterator[Proxy]:
    proxy = Proxy(database)
    await proxy.start()
    yield proxy
    await proxy.close()


@pytest.fixture
async def app(proxy: Proxy) -> AsyncIterator[FastAPI]:
    app = create_app(settings_for(proxy.url), Lifecycle())
    yield app
    await app.state.services.database.close()


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        yield client


async def all_connections_open(client: AsyncClient) -> None:
    answers = await asyncio.gather(*(client.get("/api/todos") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}


def is_problem(response: Response) -> bool:
    return (
        response.status_code == 503
        and response.headers["content-type"] == "application/problem+json"
        and response.headers["retry-after"] == "2"
        and "database cannot be reached" in response.json()["detail"]
    )


async def seconds_until_well(client: AsyncClient) -> float:
    start = time.monotonic()
    while (await client.get("/api/todos")).status_code != 200 or (await client.get("/ready")).status_code != 200:
        assert time.monotonic() - start < 10
        await asyncio.sleep(0.1)
    return time.monotonic() - start


async def test_a_cut_connection_is_a_503_at_once_and_well_again_by_itself(client: AsyncClient, proxy: Proxy) -> None:
    await all_connections_open(client)
    await proxy.cut()
    start = time.monotonic()
    assert is_problem(await client.get("/api/todos"))
    assert is_problem(await client.post("/api/todos", json={"title": "a"}))
    assert time.monotonic() - start < 2
    assert (await client.get("/health")).status_code == 200
    await asyncio.sleep(1)
    assert is_problem(await client.get("/ready"))
    await proxy.start()
    assert await seconds_until_well(client) < 2
    await all_connections_open(client)


async def test_a_short_cut_costs_no_request(client: AsyncClient, proxy: Proxy) -> None:
    await all_connections_open(client)
    await proxy.cut()
    await proxy.start()
    await all_connections_open(client)
    await proxy.cut()
    await proxy.start()
    # Until the loss is noticed.
    await asyncio.sleep(0.1)
    assert (await client.post("/api/todos", json={"title": "a"})).status_code == 201


async def test_a_silent_database_is_a_503_within_seconds(client: AsyncClient, proxy: Proxy) -> None:
    await all_connections_open(client)
    proxy.silence()
    start = time.monotonic()
    answers = await asyncio.gather(*(client.get("/api/todos") for _ in range(12)))
    assert all(is_problem(answer) for answer in answers)
    assert time.monotonic() - start < 9
    start = time.monotonic()
    assert (await client.get("/health")).status_code == 200
    assert time.monotonic() - start < 0.5
    proxy.speak()
    assert await seconds_until_well(client) < 10


async def test_a_killed_session_costs_no_request(client: AsyncClient, database: str) -> None:
    await all_connections_open(client)
    await execute(
        database,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    await all_connections_open(client)


async def test_what_only_reads_is_asked_again_on_another_connection(empty_database: str) -> None:
    await execute(empty_database, "CREATE SEQUENCE attempt")
    database = Database(settings_for(empty_database).database, 1)
    # The first attempt kills its own session; a sequence counts even what is rolled back.
    kill = "CASE nextval('attempt') WHEN 1 THEN pg_terminate_backend(pg_backend_pid()) ELSE false END"
    assert (await database.read(text(f"SELECT {kill}"), {}))[0][0] is False
    await database.close()


async def test_a_connection_is_asked_for_its_life_after_it_was_idle_only(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = Database(settings_for(database).database, 1)
    asked = []

    def ping(connection: object) -> bool:
        asked.append(connection)
        return True

    monkeypatch.setattr(pool.engine.sync_engine.dialect, "do_ping", ping)
    for _ in range(3):
        await pool.read(text("SELECT 1"), {})
    assert not asked
    await asyncio.sleep(FRESH_SECONDS * 1.1)
    await pool.read(text("SELECT 1"), {})
    assert len(asked) == 1
    await pool.close()


async def test_an_idle_connection_that_does_not_answer_is_replaced(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = Database(settings_for(database).database, 1)
    dialect = pool.engine.sync_engine.dialect
    assert dialect.loaded_dbapi
    failure = dialect.loaded_dbapi.InterfaceError("gone")

    def fail(_connection: object) -> bool:
        raise failure

    backend = text("SELECT pg_backend_pid()")
    before = await pool.read(backend, {})
    await asyncio.sleep(FRESH_SECONDS * 1.1)
    monkeypatch.setattr(dialect, "do_ping", fail)
    async with pool.transaction() as session:
        assert (await (await session.connection()).execute(backend)).all() != before
    await pool.close()


async def test_a_refused_password_is_a_503(database: str) -> None:
    app = create_app(settings_for(other_user(database)), Lifecycle())
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        assert is_problem(await client.get("/api/todos"))
        assert (await client.get("/ready")).status_code == 503


async def test_a_server_behind_a_transaction_pooler_keeps_no_prepared_statement(proxy: Proxy) -> None:
    app = create_app(settings_for(proxy.url + "?pgbouncer=true"), Lifecycle())
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        await all_connections_open(client)
        async with app.state.services.database.engine.connect() as connection:
            result = await connection.exec_driver_sql("SELECT count(*) FROM pg_prepared_statements")
            # The one that asks.
            assert result.scalar_one() <= 1
    await app.state.services.database.close()
