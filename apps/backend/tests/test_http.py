"""What holds for every request: problem documents, request IDs, limits, headers, metrics, documentation."""

import json
import re
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI, Response
from httpx import AsyncClient

from todo.lifecycle import Lifecycle


async def test_health_and_version(client: AsyncClient) -> None:
    assert (await client.get("/health")).json() == {"status": "ok", "version": "1.2.3"}
    assert (await client.get("/api/version")).json() == {"version": "1.2.3"}


async def test_ready_until_it_drains(client: AsyncClient, lifecycle: Lifecycle) -> None:
    assert (await client.get("/ready")).json() == {"status": "ready"}
    lifecycle.draining = True
    response = await client.get("/ready")
    assert (response.status_code, response.json()["detail"]) == (503, "The server is shutting down.")
    assert response.headers["connection"] == "close"
    assert (await client.get("/health")).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "title", "detail"),
    [
        ("GET", "/nothing", 404, "Not Found", "There is nothing at /nothing."),
        ("PUT", "/api/todos", 405, "Method Not Allowed", "PUT is not possible at /api/todos."),
        ("GET", "/api/todos/", 404, "Not Found", "There is nothing at /api/todos/."),
    ],
)
async def test_errors_are_problem_documents(
    client: AsyncClient, method: str, path: str, status: int, title: str, detail: str
) -> None:
    response = await client.request(method, path, headers={"X-Request-ID": "r-1"})
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    expected = {"type": "about:blank", "title": title, "status": status, "detail": detail, "request_id": "r-1"}
    assert response.json() == expected


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/api/todos", "GET, POST"),
        ("/api/todos/x", "DELETE, GET, PATCH"),
        ("/health", "GET"),
        ("/api/docs", "GET, HEAD"),
    ],
)
async def test_405_says_what_is_allowed(client: AsyncClient, path: str, allowed: str) -> None:
    response = await client.put(path)
    assert (response.status_code, ", ".join(sorted(response.headers["allow"].split(", ")))) == (405, allowed)


async def test_an_unexpected_error_is_a_500_without_a_trace_and_logged_with_it(
    app: FastAPI, client: AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("a secret detail")

    response = await client.get("/broken", headers={"X-Request-ID": "r-2"})
    assert (response.status_code, response.json()["request_id"]) == (500, "r-2")
    assert response.headers["content-type"] == "application/problem+json"
    assert "secret" not in response.text
    assert "RuntimeError: a secret detail" in caplog.text


@pytest.mark.parametrize("given", ["a", "A-b_c.9", "x" * 128])
async def test_takes_the_request_id_it_is_given(client: AsyncClient, given: str) -> None:
    assert (await client.get("/health", headers={"X-Request-ID": given})).headers["x-request-id"] == given


@pytest.mark.parametrize("given", [b"", b"a b", b"x" * 129, b'a"b', "ä".encode(), b"a\n", b"a;b"])
async def test_makes_a_request_id_instead_of_a_bad_one(client: AsyncClient, given: bytes) -> None:
    made = (await client.get("/health", headers=[(b"X-Request-ID", given)])).headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{32}", made)


async def test_request_ids_differ(client: AsyncClient) -> None:
    assert len({(await client.get("/health")).headers["x-request-id"] for _ in range(5)}) == 5


async def test_refuses_a_large_body_by_its_announced_length(client: AsyncClient) -> None:
    response = await client.post("/api/todos", content=b"x" * 65_537)
    assert (response.status_code, response.json()["detail"]) == (413, "The body is larger than 64 KiB.")


async def test_refuses_a_large_body_that_comes_in_chunks(client: AsyncClient) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 8192
            yield b" " * 8192

    response = await client.post("/api/todos", content=endless(), headers={"Content-Type": "application/json"})
    assert (response.status_code, response.headers["content-type"]) == (413, "application/problem+json")
    assert sent < 200_000


async def test_accepts_a_body_of_exactly_the_limit(client: AsyncClient) -> None:
    body = json.dumps({"title": "a"}).encode().ljust(65_536)
    response = await client.post("/api/todos", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 201


async def test_metrics_are_by_route_and_never_by_path(client: AsyncClient) -> None:
    await client.get("/health")
    await client.post("/api/todos", json={"title": "a"})
    await client.get("/api/todos/00000000-0000-4000-8000-000000000000")
    await client.get("/invented/1")
    await client.request("BREW", "/invented/2")
    response = await client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    for line in (
        'http_requests_total{method="POST",route="/api/todos",status="201"} 1.0',
        'http_requests_total{method="GET",route="/api/todos/{todo_id}",status="404"} 1.0',
        'http_requests_total{method="GET",route="/health",status="200"} 1.0',
        'http_requests_total{method="GET",route="unmatched",status="404"} 1.0',
        'http_requests_total{method="OTHER",route="unmatched",status="404"} 1.0',
        'http_request_duration_seconds_count{method="POST",route="/api/todos"} 1.0',
        'todo_build_info{version="1.2.3"} 1.0',
        "database_connections_in_use 0.0",
        "http_requests_in_progress 1.0",
    ):
        assert line in response.text.splitlines()
    assert "process_resident_memory_bytes" in response.text
    assert "invented" not in response.text


@pytest.mark.parametrize("path", ["/api/todos", "/nothing", "/health"])
async def test_security_headers(client: AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["cache-control"] == "no-store"


async def test_an_answer_says_itself_how_it_may_be_cached(app: FastAPI, client: AsyncClient) -> None:
    @app.get("/old")
    async def old(response: Response) -> None:
        response.headers["Cache-Control"] = "max-age=60"

    assert (await client.get("/old")).headers.get_list("cache-control") == ["max-age=60"]


async def test_the_documentation_page_may_load_its_script(client: AsyncClient) -> None:
    response = await client.get("/api/docs")
    script = re.search(r'src="(https://[^/"]+)', response.text)
    assert script
    assert script[1] in response.headers["content-security-policy"]
    assert "/api/openapi.json" in response.text


async def test_openapi_describes_every_operation_and_its_problems(client: AsyncClient) -> None:
    document = (await client.get("/api/openapi.json")).json()
    operations = {
        (method, path): operation for path, item in document["paths"].items() for method, operation in item.items()
    }
    assert len(operations) == 9
    assert document["info"]["version"] == "1.2.3"
    for (_, path), operation in operations.items():
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert list(response["content"]) == ["application/problem+json"], (path, status)
    referred = set(re.findall("#/components/schemas/(\\w+)", json.dumps(document)))
    assert referred == set(document["components"]["schemas"])


async def test_each_request_is_one_json_line(client: AsyncClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    await client.get("/api/todos?status=active", headers={"X-Request-ID": "r-3"})
    await client.get("/health")
    records = [record for record in caplog.records if record.name == "todo.access"]
    assert len(records) == 1
    assert vars(records[0])["path"] == "/api/todos"
    assert vars(records[0])["status"] == 200
