"""The todos as a client of the API sees them."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from httpx import AsyncClient

from conftest import execute


async def create(client: AsyncClient, title: str, **more: str) -> dict[str, Any]:
    response = await client.post("/api/todos", json={"title": title, **more})
    assert response.status_code == 201, response.text
    todo: dict[str, Any] = response.json()
    return todo


async def titles(client: AsyncClient, query: str = "") -> tuple[list[str], int]:
    page = (await client.get(f"/api/todos{query}")).json()
    return [item["title"] for item in page["items"]], page["total"]


async def test_creates_a_todo_and_says_where_it_is(client: AsyncClient) -> None:
    response = await client.post("/api/todos", json={"title": "  Buy milk\t", "notes": " two "})
    assert response.status_code == 201
    todo = response.json()
    assert set(todo) == {"id", "title", "notes", "completed", "created_at", "updated_at"}
    assert (todo["title"], todo["notes"], todo["completed"]) == ("Buy milk", " two ", False)
    assert response.headers["location"] == f"/api/todos/{todo['id']}"
    assert (await client.get(response.headers["location"])).json() == todo


async def test_times_are_utc_and_now(client: AsyncClient) -> None:
    todo = await create(client, "a")
    assert todo["created_at"].endswith("Z")
    assert todo["created_at"] == todo["updated_at"]
    assert abs(datetime.now(UTC) - datetime.fromisoformat(todo["created_at"])) < timedelta(minutes=1)


async def test_lists_newest_first_page_by_page(client: AsyncClient) -> None:
    for number in range(5):
        await create(client, f"n{number}")
    assert await titles(client) == (["n4", "n3", "n2", "n1", "n0"], 5)
    assert await titles(client, "?limit=2") == (["n4", "n3"], 5)
    assert await titles(client, "?limit=2&offset=4") == (["n0"], 5)
    assert await titles(client, "?offset=5") == ([], 5)


async def test_pages_are_disjoint_when_times_are_equal(client: AsyncClient, database: str) -> None:
    await execute(
        database, "INSERT INTO todo (id, title) SELECT gen_random_uuid(), 't' || n FROM generate_series(1, 20) n"
    )
    pages = [await titles(client, f"?limit=7&offset={offset}") for offset in (0, 7, 14)]
    assert len({title for page, _ in pages for title in page}) == 20


async def test_filters_by_status_and_counts_what_it_filters(client: AsyncClient) -> None:
    done = await create(client, "done")
    await create(client, "open")
    await client.patch(f"/api/todos/{done['id']}", json={"completed": True})
    assert await titles(client, "?status=completed") == (["done"], 1)
    assert await titles(client, "?status=active") == (["open"], 1)
    assert await titles(client, "?status=all") == (["open", "done"], 2)


async def test_changes_only_what_is_given(client: AsyncClient) -> None:
    todo = await create(client, "old", notes="kept")
    response = await client.patch(f"/api/todos/{todo['id']}", json={"title": " new "})
    assert response.status_code == 200
    changed = response.json()
    assert changed | {"updated_at": None} == todo | {"title": "new", "updated_at": None}
    assert changed["updated_at"] > todo["updated_at"]
    assert (await client.get(f"/api/todos/{todo['id']}")).json() == changed


async def test_can_empty_the_notes_and_reopen(client: AsyncClient) -> None:
    todo = await create(client, "a", notes="b")
    path = f"/api/todos/{todo['id']}"
    assert (await client.patch(path, json={"completed": True, "notes": ""})).json()["notes"] == ""
    assert (await client.patch(path, json={"completed": False})).json()["completed"] is False


async def test_deletes_for_good(client: AsyncClient) -> None:
    todo = await create(client, "a")
    response = await client.delete(f"/api/todos/{todo['id']}")
    assert (response.status_code, response.content) == (204, b"")
    assert (await client.get(f"/api/todos/{todo['id']}")).status_code == 404
    assert (await client.delete(f"/api/todos/{todo['id']}")).status_code == 404


async def test_an_unknown_todo_is_a_404_with_its_id(client: AsyncClient) -> None:
    unknown = uuid4()
    for response in (
        await client.get(f"/api/todos/{unknown}"),
        await client.patch(f"/api/todos/{unknown}", json={"title": "a"}),
        await client.delete(f"/api/todos/{unknown}"),
    ):
        assert response.status_code == 404
        assert str(unknown) in response.json()["detail"]


async def test_simultaneous_changes_of_different_fields_all_survive(client: AsyncClient) -> None:
    path = f"/api/todos/{(await create(client, 'a'))['id']}"
    changes: list[dict[str, str | bool]] = [{"title": "b"}, {"notes": "c"}, {"completed": True}]
    answers = await asyncio.gather(*(client.patch(path, json=change) for change in changes * 10))
    assert {answer.status_code for answer in answers} == {200}
    todo = (await client.get(path)).json()
    assert (todo["title"], todo["notes"], todo["completed"]) == ("b", "c", True)


async def test_more_requests_than_connections_are_all_served(client: AsyncClient) -> None:
    answers = await asyncio.gather(*(client.post("/api/todos", json={"title": f"n{n}"}) for n in range(60)))
    assert {answer.status_code for answer in answers} == {201}
    assert (await titles(client))[1] == 60


async def test_of_simultaneous_deletes_one_wins(client: AsyncClient) -> None:
    path = f"/api/todos/{(await create(client, 'a'))['id']}"
    answers = await asyncio.gather(*(client.delete(path) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [204, 404, 404, 404, 404]


async def test_text_of_all_scripts_and_sql_in_it_come_back_unchanged(client: AsyncClient) -> None:
    for title in ("Grüße, 世界 👩‍👩‍👧", "'; DROP TABLE todo; --", '<script>alert("x")</script>', "%s {0} \\"):
        assert (await create(client, title))["title"] == title
