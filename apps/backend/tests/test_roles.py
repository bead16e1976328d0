"""Two logins that act as one owner, as docs/database.md has them: the password is changed without a failed request."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from httpx import ASGITransport, AsyncClient

from conftest import execute, settings_for
from servers import fetch
from todo.app import create_app
from todo.lifecycle import Lifecycle
from todo.migrate import migrate


class Roles:
    """An administrator who is no superuser, and the roles that it makes."""

    def __init__(self, url: str) -> None:
        self._superuser = url
        self._names = {name: f"{name}_{uuid4().hex[:8]}" for name in ("admin", "todo_owner", "todo_a", "todo_b")}
        self.admin = self.url("admin")

    def url(self, role: str) -> str:
        parts = urlsplit(self._superuser)
        place = parts.netloc.rpartition("@")[2]
        return parts._replace(netloc=f"{self._names[role]}:{role}-password@{place}").geturl()

    async def run(self, url: str, statements: str) -> None:
        for name, unique in self._names.items():
            statements = statements.replace(f"{name} ", f"{unique} ").replace(f"{name};", f"{unique};")
        await execute(url, statements)

    async def make_login(self, role: str) -> None:
        create = f"CREATE ROLE {role} LOGIN PASSWORD '{role}-password' IN ROLE todo_owner;"
        await self.run(self.admin, f"{create} ALTER ROLE {role} SET role = todo_owner;")


@pytest.fixture
async def roles(empty_database: str) -> AsyncIterator[Roles]:
    roles = Roles(empty_database)
    database = urlsplit(empty_database).path[1:]
    await roles.run(
        empty_database,
        "CREATE ROLE admin LOGIN CREATEROLE PASSWORD 'admin-password'; "
        f"GRANT ALL ON DATABASE {database} TO admin; GRANT ALL ON SCHEMA public TO admin WITH GRANT OPTION;",
    )
    await roles.run(roles.admin, "CREATE ROLE todo_owner NOLOGIN; GRANT USAGE, CREATE ON SCHEMA public TO todo_owner;")
    yield roles
    await roles.run(empty_database, "DROP OWNED BY todo_owner ; DROP OWNED BY admin ; DROP ROLE IF EXISTS todo_a ;")
    await roles.run(empty_database, "DROP ROLE IF EXISTS todo_b ; DROP ROLE todo_owner ; DROP ROLE admin ;")


async def test_a_second_login_takes_over_and_the_first_one_can_go(roles: Roles) -> None:
    await roles.make_login("todo_a")
    await migrate(settings_for(roles.url("todo_a")).migrations)
    before = create_app(settings_for(roles.url("todo_a")), Lifecycle())
    async with AsyncClient(transport=ASGITransport(before), base_url="http://test") as client:
        assert (await client.post("/api/todos", json={"title": "kept"})).status_code == 201
        await roles.make_login("todo_b")
        await migrate(settings_for(roles.url("todo_b")).migrations)
        after = create_app(settings_for(roles.url("todo_b")), Lifecycle())
        async with AsyncClient(transport=ASGITransport(after), base_url="http://test") as other:
            assert (await other.get("/api/todos")).json()["total"] == 1
            assert (await client.post("/api/todos", json={"title": "by the old one"})).status_code == 201
            await before.state.services.database.close()
            # It owns nothing that would hold it.
            await roles.run(roles.admin, "DROP ROLE todo_a ;")
            assert (await other.post("/api/todos", json={"title": "by the new one"})).status_code == 201
        owner = await fetch(roles.url("todo_b"), "SELECT tableowner FROM pg_tables WHERE tablename = 'todo'")
        assert str(owner).startswith("todo_owner_")
        await after.state.services.database.close()
