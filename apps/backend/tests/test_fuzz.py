"""What the OpenAPI document promises, held against the running server: valid and broken requests of every operation.

All checks of schemathesis are on: no 5xx; only statuses, media types and schemas that are documented; broken data is
refused, valid data is not; other methods are a 405 with the right `Allow`. The requests are the same in each run.
"""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from anyio.from_thread import start_blocking_portal
from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir
from schemathesis import GenerationMode

from conftest import settings_for
from process import running_server
from todo.app import create_app
from todo.lifecycle import Lifecycle

# Beside the caches of ruff and mypy: the sources may be mounted read-only.
set_hypothesis_home_dir("/tmp/hypothesis")
DOCUMENT = create_app(settings_for("postgresql://nobody@nowhere/todo"), Lifecycle()).openapi()
every = schemathesis.openapi.from_dict(DOCUMENT)
valid = schemathesis.openapi.from_dict(DOCUMENT)
valid.config.generation.update(modes=[GenerationMode.POSITIVE])


@pytest.fixture(scope="module")
def server(shared_database: str) -> Iterator[str]:
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(running_server(shared_database, LOG_LEVEL="error")) as process,
    ):
        yield process.url


@pytest.fixture(scope="module")
def other_client(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server) as client:
        yield client


@every.parametrize()
@settings(derandomize=True, max_examples=30, deadline=None)
def test_every_operation(case: schemathesis.Case[Any], server: str) -> None:
    case.call_and_validate(base_url=server)


@valid.include(path="/api/todos/{todo_id}").parametrize()
@settings(derandomize=True, max_examples=15, deadline=None)
def test_every_operation_on_a_todo_that_is_there(
    case: schemathesis.Case[Any], server: str, other_client: httpx.Client
) -> None:
    """Apart from the above, which invents the IDs."""
    todo = other_client.post("/api/todos", json={"title": "a"}).raise_for_status().json()
    case.path_parameters = {"todo_id": todo["id"]}
    assert case.call_and_validate(base_url=server).status_code < 300
