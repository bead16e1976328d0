"""What the API refuses, and in which words."""

from itertools import product

import pytest
from httpx import AsyncClient

UNKNOWN = "/api/todos/00000000-0000-4000-8000-000000000000"
BODIES = [
    ({}, {"title": "is required"}),
    ({"title": ""}, {"title": "must not be empty"}),
    ({"title": " \n "}, {"title": "must not be empty"}),
    ({"title": "x" * 201}, {"title": "must be at most 200 characters long"}),
    ({"title": 5}, {"title": "must be text"}),
    ({"title": None}, {"title": "must be text"}),
    ({"title": "a\x00b"}, {"title": "must not contain the character U+0000"}),
    ({"title": "a", "notes": "\x00"}, {"notes": "must not contain the character U+0000"}),
    ({"title": "a", "notes": "x" * 2001}, {"notes": "must be at most 2000 characters long"}),
    ({"title": "a", "colour": "red"}, {"colour": "is not a known field"}),
    ({"title": "a", "id": "x"}, {"id": "is not a known field"}),
    ([], {"body": "must be a JSON object, sent with Content-Type: application/json"}),
    ({"title": "", "notes": 1, "x": 1}, {
        "title": "must not be empty", "notes": "must be text", "x": "is not a known field"
    }),
]  # fmt: skip

MALFORMED = [
    b"", b"{", b"}", b"nul", b"null", b"7", b'"title"', b"[]", b'[{"title": "a"}]', b"{title: 'a'}", b'{"title": "a",}',
    b'{"title": "a"} x', b'{"title": NaN}', b'{"title": "\xff"}', b'{"title": "\\x"}', b'{"title": "\n', b"[" * 60_000,
    b"\x00", b"\xff\xfe{\x00}\x00", b"title=a", b"<title>a</title>", b"\x1f\x8b\x08\x00", b'--x\r\n\r\n{"title": "a"}',
]  # fmt: skip
KINDS = ["application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]


def mistakes(document: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {error["field"]: error["message"] for error in document["errors"]}


@pytest.mark.parametrize(("body", "expected"), BODIES)
async def test_refuses_a_todo(client: AsyncClient, body: object, expected: dict[str, str]) -> None:
    response = await client.post("/api/todos", json=body)
    assert response.status_code == 422
    assert mistakes(response.json()) == expected
    assert (await client.get("/api/todos")).json()["total"] == 0


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {"body": "must have at least one of title, notes, completed"}),
        ({"title": None}, {"title": "must be text"}),
        ({"completed": "yes"}, {"completed": "must be true or false"}),
        ({"completed": 1}, {"completed": "must be true or false"}),
        ({"completed": None}, {"completed": "must be true or false"}),
        ({"title": " "}, {"title": "must not be empty"}),
        ({"created_at": "2020-01-01T00:00:00Z"}, {"created_at": "is not a known field"}),
    ],
)
async def test_refuses_a_change(client: AsyncClient, body: object, expected: dict[str, str]) -> None:
    response = await client.patch(UNKNOWN, json=body)
    assert response.status_code == 422
    assert mistakes(response.json()) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("limit=0", {"limit": "must be at least 1"}),
        ("limit=201", {"limit": "must be at most 200"}),
        ("limit=many", {"limit": "must be a whole number"}),
        ("offset=-1", {"offset": "must be at least 0"}),
        ("offset=99999999999999999999", {"offset": "must be at most 1000000000"}),
        ("status=late", {"status": "must be one of 'all', 'active' or 'completed'"}),
        (
            "status=late&limit=0",
            {"status": "must be one of 'all', 'active' or 'completed'", "limit": "must be at least 1"},
        ),
    ],
)
async def test_refuses_a_query(client: AsyncClient, query: str, expected: dict[str, str]) -> None:
    response = await client.get(f"/api/todos?{query}")
    assert response.status_code == 422
    assert mistakes(response.json()) == expected


async def test_refuses_what_is_not_an_id(client: AsyncClient) -> None:
    response = await client.get("/api/todos/seven")
    assert response.status_code == 422
    assert mistakes(response.json()) == {"todo_id": "is not a valid ID: it must be a UUID"}


@pytest.mark.parametrize(
    ("content", "status", "detail"),
    [
        (b'{"title"', 422, "body is not valid JSON: Expecting ':' delimiter."),
        (b"", 422, "body is required."),
        (b'{"title": "\xff"}', 400, "The body cannot be read: it must be JSON in UTF-8."),
        (b"[" * 60_000, 400, "The body cannot be read: it must be JSON in UTF-8."),
        (b'{"title": ' + b"9" * 5000 + b"}", 400, "The body cannot be read: it must be JSON in UTF-8."),
        (b'{"title": "\\ud800"}', 422, "title must be valid Unicode text."),
    ],
)
async def test_refuses_a_broken_body(client: AsyncClient, content: bytes, status: int, detail: str) -> None:
    response = await client.post("/api/todos", content=content, headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()["detail"]) == (status, detail)


async def test_every_endpoint_that_takes_a_body_refuses_a_malformed_one(client: AsyncClient) -> None:
    paths = (await client.get("/api/openapi.json")).json()["paths"]
    takers = {(method, path) for path, item in paths.items() for method, it in item.items() if "requestBody" in it}
    assert takers == {("post", "/api/todos"), ("patch", "/api/todos/{todo_id}")}
    for method, path in takers:
        for kind, content in product(KINDS, MALFORMED):
            url = path.format(todo_id=UNKNOWN.rpartition("/")[2])
            response = await client.request(method, url, content=content, headers={"Content-Type": kind})
            assert response.status_code in (400, 422), (method, kind, content[:20])
            assert response.headers["content-type"] == "application/problem+json"
    assert (await client.get("/api/todos")).json()["total"] == 0


async def test_refuses_json_that_is_not_called_json(client: AsyncClient) -> None:
    response = await client.post("/api/todos", content=b'{"title": "a"}', headers={"Content-Type": "text/plain"})
    assert response.status_code == 422
    assert "Content-Type: application/json" in response.json()["detail"]


async def test_the_longest_texts_are_accepted_and_counted_in_characters(client: AsyncClient) -> None:
    response = await client.post("/api/todos", json={"title": "👋" * 200, "notes": "ß" * 2000})
    assert response.status_code == 201
    assert len(response.json()["title"]) == 200


async def test_the_mistakes_never_repeat_the_input(client: AsyncClient) -> None:
    response = await client.post("/api/todos", json={"title": 12345678})
    assert "12345678" not in response.text
