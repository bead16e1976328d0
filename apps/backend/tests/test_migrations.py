"""The schema: from nothing, again, by several at once, back to nothing, and when it cannot be."""

import asyncio
import json
import sys
import time
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlmodel import SQLModel

from conftest import execute, other_user, settings_for
from process import run_module
from proxy import Proxy
from todo.database import create_engine
from todo.migrate import head_revision, migrate
from todo.migrations import MigrationError
from todo.migrations.upgrade import alembic_config


async def run_migrate(url: str) -> tuple[int | None, list[dict[str, str]]]:
    process = await run_module("todo.migrate", DATABASE_URL=url)
    output, _ = await process.communicate()
    return process.returncode, [json.loads(line) for line in output.splitlines()]


async def fetch(url: str, query: str) -> object:
    connection = await asyncpg.connect(url)
    value = await connection.fetchval(query)
    await connection.close()
    return value


async def revision(url: str) -> object:
    return await fetch(url, "SELECT version_num FROM alembic_version")


def test_the_head_that_file_names_say_is_alembics() -> None:
    scripts = ScriptDirectory.from_config(alembic_config())
    assert scripts.get_heads() == [head_revision()]
    # "0010" after "0009": the numbers are compared as text.
    assert {len(script.revision) for script in scripts.walk_revisions()} == {4}


async def test_from_nothing_and_again(empty_database: str) -> None:
    status, lines = await run_migrate(empty_database)
    assert (status, lines[-1]["message"]) == (0, "migrated")
    assert await revision(empty_database) == head_revision()
    status, lines = await run_migrate(empty_database)
    assert (status, [line["message"] for line in lines]) == (0, ["schema is up to date"])


async def test_at_head_neither_alembic_nor_sqlalchemy_is_imported(database: str) -> None:
    program = (
        "import asyncio, sys\n"
        "from todo.migrate import migrate\n"
        "from todo.settings import read_settings\n"
        f"asyncio.run(migrate(read_settings({{'DATABASE_URL': {database!r}}}).database))\n"
        "print([module for module in ('alembic', 'sqlalchemy') if module in sys.modules])"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, env={"PYTHONPATH": ":".join(sys.path)}, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    assert output.decode().strip() == "[]"


async def test_the_schema_is_what_the_models_say(database: str) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), SQLModel.metadata))

    engine = create_engine(settings_for(database).database, pool_size=None)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_five_at_once_on_an_empty_database(empty_database: str) -> None:
    results = await asyncio.gather(*(run_migrate(empty_database) for _ in range(5)))
    assert [status for status, _ in results] == [0] * 5
    upgrades = [line for _, lines in results for line in lines if line["message"].startswith("Running upgrade")]
    assert len(upgrades) == 1
    assert await fetch(empty_database, "SELECT count(*) FROM alembic_version") == 1


async def test_down_to_nothing_and_up_again(empty_database: str) -> None:
    target = settings_for(empty_database).database
    await migrate(target)
    engine = create_engine(target, pool_size=None)
    async with engine.begin() as connection:
        await connection.run_sync(lambda sync: command.downgrade(alembic_config(sync), "base"))
    assert await fetch(empty_database, "SELECT to_regclass('todo')") is None
    await migrate(target)
    assert await fetch(empty_database, "SELECT to_regclass('todo')::text") == "todo"


async def test_a_schema_of_a_newer_version_is_left_alone(empty_database: str) -> None:
    await migrate(settings_for(empty_database).database)
    await execute(empty_database, "UPDATE alembic_version SET version_num = '9999'")
    status, lines = await run_migrate(empty_database)
    assert (status, lines[-1]["message"]) == (0, "schema is ahead of this version: leaving it as it is")
    assert await revision(empty_database) == "9999"


async def test_a_failing_migration_changes_nothing_and_says_why(empty_database: str) -> None:
    await execute(empty_database, "CREATE TABLE todo (mine int)")
    status, lines = await run_migrate(empty_database)
    assert status == 1
    assert 'relation "todo" already exists' in lines[-1]["message"]
    assert "traceback" not in lines[-1]
    assert await fetch(empty_database, "SELECT to_regclass('alembic_version')") is None


async def test_waits_for_a_database_that_comes_up(empty_database: str) -> None:
    proxy = Proxy(empty_database)
    await proxy.start()
    await proxy.cut()
    running = asyncio.create_task(run_migrate(proxy.url))
    await asyncio.sleep(2)
    assert not running.done()
    await proxy.start()
    status, lines = await running
    await proxy.close()
    assert status == 0
    assert lines[0]["message"].startswith("waiting for the database at 127.0.0.1:")
    assert lines[-1]["message"] == "migrated"


async def test_gives_up_with_one_clear_message() -> None:
    target = settings_for("postgresql://u:hunter2@127.0.0.1:1/todo").database
    with pytest.raises(MigrationError, match=r"at 127\.0\.0\.1:1/todo did not answer within 1 s") as caught:
        await migrate(target, wait_seconds=1)
    assert "hunter2" not in str(caught.value)


async def test_waits_for_a_login_that_is_being_made_and_for_its_password(
    empty_database: str, postgres_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    role = f"late_{uuid4().hex}"
    parts = urlsplit(empty_database)
    url = parts._replace(netloc=f"{role}:right@{parts.netloc.rpartition('@')[2]}").geturl()
    running = asyncio.create_task(migrate(settings_for(url).database, login_wait_seconds=20))
    await asyncio.sleep(1)
    await execute(empty_database, f"CREATE ROLE {role} LOGIN PASSWORD 'wrong'; GRANT CREATE ON SCHEMA public TO {role}")
    await asyncio.sleep(1)
    assert not running.done()
    await execute(empty_database, f"ALTER ROLE {role} PASSWORD 'right'")
    await running
    assert f'password authentication failed for user "{role}"' in caplog.messages[0]
    assert await revision(empty_database) == head_revision()
    await execute(empty_database, f"DROP OWNED BY {role}; DROP ROLE {role}")


async def test_a_login_that_stays_refused_is_said_with_what_to_check(empty_database: str) -> None:
    start = time.monotonic()
    with pytest.raises(MigrationError) as caught:
        await migrate(settings_for(other_user(empty_database)).database, login_wait_seconds=1)
    assert time.monotonic() - start < 5
    assert "refused the login for 1 s" in str(caught.value)
    assert 'user "nobody-at-all"' in str(caught.value)
    assert "Check the user and the password in DATABASE_URL" in str(caught.value)


async def test_the_time_for_a_login_begins_when_the_database_is_up(empty_database: str) -> None:
    proxy = Proxy(other_user(empty_database))
    await proxy.start()
    await proxy.cut()
    start = time.monotonic()
    running = asyncio.create_task(migrate(settings_for(proxy.url).database, login_wait_seconds=2))
    await asyncio.sleep(2)
    await proxy.start()
    with pytest.raises(MigrationError, match="refused the login"):
        await running
    await proxy.close()
    assert 3 < time.monotonic() - start < 8
