"""Behind PgBouncer in transaction mode, where each transaction may be on another connection of the database."""

import asyncio
from collections.abc import Iterator

import pytest
from httpx import ASGITransport, AsyncClient

from conftest import settings_for
from process import run_module
from servers import fetch, servers_folder, transaction_pooler
from todo.app import create_app
from todo.lifecycle import Lifecycle
from todo.migrate import head_revision


@pytest.fixture
def pooler(database: str) -> Iterator[str]:
    with servers_folder() as folder, transaction_pooler(folder, database, connections=2) as url:
        yield url


@pytest.fixture
def empty_pooler(empty_database: str) -> Iterator[str]:
    with servers_folder() as folder, transaction_pooler(folder, empty_database, connections=2) as url:
        yield url


async def test_many_requests_at_once_share_two_connections_and_none_fails(pooler: str) -> None:
    app = create_app(settings_for(pooler, DATABASE_POOL_SIZE="8"), Lifecycle())

    async def use(client: AsyncClient, number: int) -> list[int]:
        made = await client.post("/api/todos", json={"title": f"number {number}"})
        place = f"/api/todos/{made.json()['id']}"
        asked = [await client.get("/api/todos?limit=2"), await client.get(place), await client.get("/ready")]
        changed = await client.patch(place, json={"completed": True})
        return [made.status_code, *(answer.status_code for answer in asked), changed.status_code]

    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        for _ in range(5):
            answers = await asyncio.gather(*(use(client, number) for number in range(24)))
            assert answers == [[201, 200, 200, 200, 200]] * 24
        await asyncio.sleep(1.1)
        assert (await client.get("/api/todos")).json()["total"] == 120
    await app.state.services.database.close()


async def test_five_migrations_at_once_through_a_pooler_are_one(empty_pooler: str, empty_database: str) -> None:
    processes = [await run_module("todo.migrate", DATABASE_URL=empty_pooler) for _ in range(5)]
    outputs = [(await process.communicate())[0].decode() for process in processes]
    assert [process.returncode for process in processes] == [0] * 5
    assert sum(output.count("Running upgrade") for output in outputs) == 1
    assert any("migrating through a pooler" in output for output in outputs)
    assert await fetch(empty_database, "SELECT version_num FROM alembic_version") == head_revision()


async def test_migrations_go_to_the_direct_address_when_there_is_one(empty_pooler: str, empty_database: str) -> None:
    nowhere = "postgresql://u@127.0.0.1:1/d"
    process = await run_module("todo.migrate", DATABASE_URL=nowhere, DATABASE_DIRECT_URL=empty_database)
    output = (await process.communicate())[0].decode()
    assert process.returncode == 0
    assert "through a pooler" not in output
    # And the server needs no more than the pooler.
    app = create_app(settings_for(empty_pooler), Lifecycle())
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        assert (await client.get("/api/todos")).status_code == 200
    await app.state.services.database.close()
