"""A database that sleeps while nobody asks it, and takes seconds to wake: Neon, and others that scale to zero."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from conftest import settings_for
from process import run_module
from proxy import Proxy
from todo.app import create_app
from todo.database_url import CONNECT_TIMEOUT_SECONDS, WAKE_TIMEOUT_SECONDS
from todo.idle_connections import FRESH_SECONDS
from todo.lifecycle import Lifecycle

# As chart/values.yaml has them for the backend's readiness.
PROBE_PERIOD, PROBE_TIMEOUT, PROBE_FAILURES = 5.0, 3.0, 3
PATIENT = f"connect_timeout={WAKE_TIMEOUT_SECONDS:.0f}"


@pytest.fixture
async def proxy(database: str) -> AsyncIterator[Proxy]:
    proxy = Proxy(database)
    await proxy.start()
    yield proxy
    await proxy.close()


@asynccontextmanager
async def serving(proxy: Proxy, parameters: str = PATIENT, **environment: str) -> AsyncIterator[AsyncClient]:
    app: FastAPI = create_app(settings_for(f"{proxy.url}?{parameters}", **environment), Lifecycle())
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        yield client
    await app.state.services.database.close()


@pytest.mark.parametrize("seconds", [1, 3.5, 6])
async def test_the_first_requests_after_a_sleep_wait_and_succeed(proxy: Proxy, seconds: float) -> None:
    async with serving(proxy) as client:
        assert (await client.get("/api/todos")).status_code == 200
        await proxy.sleep(seconds)
        requests = [*(client.get("/api/todos") for _ in range(8)), client.post("/api/todos", json={"title": "a"})]
        answers = await asyncio.gather(*requests)
        assert [answer.status_code for answer in answers] == [200] * 8 + [201]


async def test_without_patience_the_requests_fail_until_it_has_woken(proxy: Proxy) -> None:
    assert CONNECT_TIMEOUT_SECONDS < 4
    async with serving(proxy, parameters="") as client:
        await proxy.sleep(4)
        assert (await client.get("/api/todos")).status_code == 503


async def test_a_sleep_takes_no_pod_out_of_the_service(proxy: Proxy) -> None:
    async with serving(proxy) as client:

        async def probe() -> bool:
            try:
                async with asyncio.timeout(PROBE_TIMEOUT):
                    return (await client.get("/ready")).status_code == 200
            except TimeoutError:
                return False

        assert await probe()
        await proxy.sleep(6)
        probes = []
        for _ in range(PROBE_FAILURES):
            started = asyncio.create_task(probe())
            await asyncio.sleep(PROBE_PERIOD)
            probes.append(await started)
        assert probes[-1]


async def asked_by_readiness(client: AsyncClient, proxy: Proxy) -> bool:
    """Whether the database heard of it that somebody wanted to know if we are ready."""
    assert (await client.get("/ready")).status_code == 200
    before = proxy.received
    await asyncio.sleep(FRESH_SECONDS * 1.1)
    assert (await client.get("/ready")).status_code == 200
    return proxy.received > before


async def test_readiness_asks_the_database_each_time_and_so_keeps_it_awake(proxy: Proxy) -> None:
    async with serving(proxy) as client:
        assert await asked_by_readiness(client, proxy)


async def test_readiness_lets_the_database_sleep_when_told_to(proxy: Proxy) -> None:
    async with serving(proxy, DATABASE_PING="after-failure") as client:
        assert not await asked_by_readiness(client, proxy)
        await proxy.cut()
        assert (await client.get("/ready")).status_code == 200


async def test_after_a_failure_readiness_asks_until_the_database_answers(proxy: Proxy) -> None:
    async with serving(proxy, DATABASE_PING="after-failure") as client:
        assert (await client.get("/ready")).status_code == 200
        await proxy.cut()
        assert (await client.get("/api/todos")).status_code == 503
        assert (await client.get("/ready")).status_code == 503
        await proxy.start()
        assert (await client.get("/ready")).status_code == 200
        assert not await asked_by_readiness(client, proxy)


async def test_a_server_that_has_never_reached_its_database_is_not_ready(proxy: Proxy) -> None:
    await proxy.cut()
    async with serving(proxy, DATABASE_PING="after-failure") as client:
        assert (await client.get("/ready")).status_code == 503


async def test_a_migration_waits_for_the_database_to_wake(proxy: Proxy) -> None:
    await proxy.sleep(6)
    process = await run_module("todo.migrate", DATABASE_URL=f"{proxy.url}?{PATIENT}")
    output = (await process.communicate())[0].decode()
    assert (process.returncode, "up to date" in output) == (0, True)
