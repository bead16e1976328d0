"""The end of a server, as a process manager sees it."""

import asyncio
import time
from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest

from process import Process, run_module, running_server
from proxy import Proxy

TERMINATE = b"X\x00\x00\x00\x04"
"""PostgreSQL's message for a polite goodbye."""


@pytest.fixture
async def locked(database: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection that keeps every request for todos waiting until it is closed."""
    connection = await asyncpg.connect(database)
    await connection.execute("BEGIN; LOCK TABLE todo IN ACCESS EXCLUSIVE MODE")
    yield connection
    await connection.close()


async def start_request(client: httpx.AsyncClient, server: Process) -> asyncio.Task[httpx.Response]:
    request = asyncio.create_task(client.get(f"{server.url}/api/todos"))
    while (await in_progress(client, server)) < 2:
        await asyncio.sleep(0.05)
    return request


async def in_progress(client: httpx.AsyncClient, server: Process) -> float:
    lines = (await client.get(f"{server.url}/metrics")).text.splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("http_requests_in_progress "))


async def test_the_request_in_flight_finishes_connections_close_and_the_status_is_0(
    database: str, locked: asyncpg.Connection
) -> None:
    proxy = Proxy(database)
    await proxy.start()
    async with running_server(proxy.url) as server, httpx.AsyncClient(timeout=20) as client:
        request = await start_request(client, server)
        server.terminate()
        await asyncio.sleep(0.3)
        ready = await client.get(f"{server.url}/ready")
        assert (ready.status_code, ready.json()["detail"]) == (503, "The server is shutting down.")
        assert ready.headers["connection"] == "close"
        await asyncio.sleep(1.5)
        with pytest.raises(httpx.ConnectError):
            await client.get(f"{server.url}/health")
        assert not request.done()
        await locked.close()
        assert (await request).status_code == 200
        assert await server.ended(5) == 0
    await asyncio.sleep(0.2)
    await proxy.close()
    assert proxy.last_words
    assert all(words.endswith(TERMINATE) for words in proxy.last_words)
    assert not [line for line in server.lines() if line["level"] in ("error", "critical")]


async def test_new_requests_are_served_while_it_drains(database: str) -> None:
    async with running_server(database) as server:
        server.terminate()
        await asyncio.sleep(0.2)
        for _ in range(5):
            async with httpx.AsyncClient() as client:
                response = await client.post(f"{server.url}/api/todos", json={"title": "late"})
            assert (response.status_code, response.headers["connection"]) == (201, "close")
        assert await server.ended(5) == 0


async def test_a_request_that_does_not_end_is_cut_off_within_the_grace_period(
    database: str, locked: asyncpg.Connection
) -> None:
    assert not locked.is_closed()
    async with running_server(database, SHUTDOWN_GRACE_SECONDS="4") as server, httpx.AsyncClient(timeout=20) as client:
        request = await start_request(client, server)
        start = time.monotonic()
        server.terminate()
        assert await server.ended(6) == 0
        assert time.monotonic() - start < 5
        request.cancel()
        await asyncio.gather(request, return_exceptions=True)


async def test_idle_connections_do_not_delay_the_end(database: str) -> None:
    async with running_server(database) as server, httpx.AsyncClient() as client:
        await client.get(f"{server.url}/api/todos")
        start = time.monotonic()
        server.terminate()
        assert await server.ended(5) == 0
        assert time.monotonic() - start < 3


async def test_a_second_signal_ends_it_at_once(database: str, locked: asyncpg.Connection) -> None:
    assert not locked.is_closed()
    async with running_server(database) as server, httpx.AsyncClient(timeout=20) as client:
        request = await start_request(client, server)
        server.terminate()
        await asyncio.sleep(0.1)
        server.terminate()
        assert await server.ended(4) == 0
        request.cancel()
        await asyncio.gather(request, return_exceptions=True)


async def test_all_it_says_is_json_and_a_request_carries_its_id(database: str) -> None:
    async with running_server(database) as server, httpx.AsyncClient() as client:
        await client.get(f"{server.url}/api/todos", headers={"X-Request-ID": "r-5"})
        server.terminate()
        assert await server.ended(5) == 0
    lines = server.lines()
    assert {"timestamp", "level", "message"} <= set.intersection(*(set(line) for line in lines))
    assert [line["path"] for line in lines if line.get("request_id") == "r-5"] == ["/api/todos"]


async def test_a_taken_port_is_said(database: str) -> None:
    async with running_server(database) as server:
        port = server.url.rpartition(":")[2]
        second = await run_module("todo", DATABASE_URL=database, PORT=port)
        output, _ = await second.communicate()
    assert second.returncode == 1
    assert f"cannot listen on {port}: Address already in use" in output.decode()
