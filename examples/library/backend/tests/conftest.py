"""The tests' database: `TEST_DATABASE_URL=postgresql+psycopg://... uv run pytest`, an empty one."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from fastapi.testclient import TestClient
from sqlalchemy import text

from library.database import engine
from library.main import app

BACKEND = Path(__file__).parent.parent


@pytest.fixture(scope="session", autouse=True)
def database() -> None:
    """Migrate once, back and forth, so that both ways are walked."""
    os.environ["SQLALCHEMY_URL"] = os.environ["TEST_DATABASE_URL"]
    os.environ["JWT_SECRET"] = "a secret of the tests alone, long enough"
    config = Config(BACKEND / "alembic.ini")
    for step, revision in ((command.upgrade, "head"), (command.downgrade, "base"), (command.upgrade, "head")):
        step(config, revision)


@pytest.fixture
def api(database: None) -> Iterator[TestClient]:
    """Give the API, with nobody in the library."""
    with engine().begin() as connection:
        connection.execute(text("TRUNCATE members, loans, letters RESTART IDENTITY CASCADE"))
    with TestClient(app) as client:
        yield client


@pytest.fixture
def ada(api: TestClient) -> dict[str, str]:
    """Give the headers of a member's requests."""
    return join(api, "ada")


def join(api: TestClient, name: str) -> dict[str, str]:
    """Make a member; gives the headers of theirs."""
    answer = api.post("/members", json={"name": name, "password": f"{name} likes books"})
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json()['token']}"}
