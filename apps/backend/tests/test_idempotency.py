"""Requests that are sent again: by a client that got no answer, or by a proxy whose backend died."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from conftest import settings_for
from todo.app import create_app
from todo.idempotency import new_id
from todo.lifecycle import Lifecycle
from todo.models import TodoCreate

TODO = {"title": "Buy milk", "notes": "two"}


@pytest.fixture
def headers() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


@pytest.fixture
async def other_replica(database: str) -> AsyncIterator[FastAPI]:
    app = create_app(settings_for(database), Lifecycle())
    yield app
    await app.state.services.database.close()


async def count(client: AsyncClient) -> int:
    total: int = (await client.get("/api/todos")).json()["total"]
    return total


async def test_a_repeated_creation_answers_the_same_and_makes_no_second_todo(
    client: AsyncClient, headers: dict[str, str]
) -> None:
    first = await client.post("/api/todos", json=TODO, headers=headers)
    again = await client.post("/api/todos", json=TODO, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["location"] == first.headers["location"] == f"/api/todos/{first.json()['id']}"
    assert again.json() == first.json()
    assert (await client.get(first.headers["location"])).json() == first.json()
    assert await count(client) == 1


async def test_repetitions_at_the_same_time_at_two_replicas_make_one_todo(
    client: AsyncClient, other_replica: FastAPI
) -> None:
    async with AsyncClient(transport=ASGITransport(other_replica), base_url="http://test") as other:
        for number in range(1, 11):
            headers = {"Idempotency-Key": str(uuid4())}
            both = (replica.post("/api/todos", json=TODO, headers=headers) for replica in (client, other) * 2)
            answers = await asyncio.gather(*both)
            assert [answer.status_code for answer in answers] == [201] * 4
            assert len({answer.text for answer in answers}) == 1
            assert await count(client) == number


async def test_a_late_repetition_answers_with_what_became_of_the_todo(
    client: AsyncClient, headers: dict[str, str]
) -> None:
    path = (await client.post("/api/todos", json=TODO, headers=headers)).headers["location"]
    changed = (await client.patch(path, json={"title": "Buy oat milk", "completed": True})).json()
    again = await client.post("/api/todos", json=TODO, headers=headers)
    assert (again.status_code, again.headers["location"], again.json()) == (201, path, changed)


async def test_the_same_key_with_other_content_loses_nothing(client: AsyncClient, headers: dict[str, str]) -> None:
    bodies = [TODO, TODO | {"title": "Buy bread"}, TODO | {"notes": ""}, {"title": "Buy milk"}]
    answers = [await client.post("/api/todos", json=body, headers=headers) for body in bodies]
    assert [(answer.json()["title"], answer.json()["notes"]) for answer in answers] == [
        ("Buy milk", "two"), ("Buy bread", "two"), ("Buy milk", ""), ("Buy milk", "")
    ]  # fmt: skip
    assert answers[2].headers["location"] == answers[3].headers["location"]
    assert await count(client) == 3


async def test_without_a_key_each_creation_is_one_of_its_own(client: AsyncClient) -> None:
    for _ in range(2):
        assert (await client.post("/api/todos", json=TODO)).status_code == 201
    assert await count(client) == 2


def test_all_versions_make_the_same_id_of_a_request() -> None:
    key = UUID("0b7f0b3e-6b3c-4d6b-9d0a-3f1a4c5b6d7e")
    assert str(new_id(key, TodoCreate(title="a"))) == "ca914667-d9bf-5496-bfe3-bb8480da88ea"


async def test_a_key_is_the_same_with_quotes_and_without(client: AsyncClient, headers: dict[str, str]) -> None:
    await client.post("/api/todos", json=TODO, headers=headers)
    quoted = {"Idempotency-Key": f'"{headers["Idempotency-Key"]}"'}
    assert (await client.post("/api/todos", json=TODO, headers=quoted)).status_code == 201
    assert await count(client) == 1


async def test_a_repeated_deletion_has_not_failed(client: AsyncClient, headers: dict[str, str]) -> None:
    path = (await client.post("/api/todos", json=TODO)).headers["location"]
    for _ in range(2):
        answer = await client.delete(path, headers=headers)
        assert (answer.status_code, answer.content) == (204, b"")
    assert (await client.get(path)).status_code == 404
    assert (await client.delete(path)).status_code == 404


@pytest.mark.parametrize("key", ["", "seven", '"', "0b7f0b3e-6b3c-4d6b-9d0a", "'0b7f0b3e-6b3c-4d6b-9d0a-3f1a4c5b6d7e'"])
@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
async def test_a_key_must_be_a_uuid(client: AsyncClient, method: str, key: str) -> None:
    path = "/api/todos" if method == "POST" else f"/api/todos/{uuid4()}"
    body = None if method == "DELETE" else TODO
    answer = await client.request(method, path, json=body, headers={"Idempotency-Key": key})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["detail"] == "Idempotency-Key is not a valid ID: it must be a UUID."
    assert await count(client) == 0
