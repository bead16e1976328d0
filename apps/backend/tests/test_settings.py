"""The environment, and the words about its mistakes."""

import json

import pytest

from process import run_module
from todo.settings import Settings, SettingsError, read_settings

URL = "postgresql://todo:hunter2@db:5432/todo"


def mistakes(**environment: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read_settings(environment)
    return caught.value.mistakes


def test_defaults() -> None:
    settings = read_settings({"DATABASE_URL": URL, "PORT": "", "UNRELATED": "x"})
    assert (settings.port, settings.log_level, settings.pool_size) == (8000, "info", 5)
    assert (settings.shutdown_grace_seconds, settings.version) == (20, "0.0.0-dev")


def test_every_setting() -> None:
    environment = {
        "DATABASE_URL": URL,
        "PORT": "9000",
        "LOG_LEVEL": "WARNING",
        "DATABASE_POOL_SIZE": "7",
        "SHUTDOWN_GRACE_SECONDS": "9",
        "APP_VERSION": "1.0.0",
        "DATABASE_PING": "after-failure",
        "DATABASE_DIRECT_URL": "postgresql://todo:hunter2@direct:5432/todo",
    }
    settings = read_settings(environment)
    direct = settings.migrations
    assert direct.address == "direct:5432/todo"
    assert settings == Settings(settings.database, 9000, "warning", 7, 9, "1.0.0", "after-failure", direct)


def test_migrations_go_where_the_server_goes_unless_told_otherwise() -> None:
    settings = read_settings({"DATABASE_URL": URL})
    assert settings.migrations is settings.database
    neon = read_settings({"DATABASE_URL": "postgresql://u@ep-a-1-pooler.eu.neon.tech/todo"})
    assert neon.migrations.address == "ep-a-1.eu.neon.tech:5432/todo"


def test_a_direct_address_that_is_a_poolers_is_a_mistake() -> None:
    pooled = "postgresql://u@ep-a-1-pooler.eu.neon.tech/todo"
    assert mistakes(DATABASE_URL=URL, DATABASE_DIRECT_URL=pooled, DATABASE_PING="never") == [
        "DATABASE_DIRECT_URL: it names a pooler. Take the database's own address, without -pooler",
        'DATABASE_PING: "never" is not one of always, after-failure. Set it like DATABASE_PING=always',
    ]


def test_all_mistakes_are_reported_together_each_with_its_remedy() -> None:
    assert mistakes(PORT="http", LOG_LEVEL="loud", DATABASE_POOL_SIZE="0", SHUTDOWN_GRACE_SECONDS="1e3") == [
        "DATABASE_URL: it is missing. Set it like DATABASE_URL=postgresql://user:password@host:5432/todo",
        'PORT: "http" is not a whole number from 1 to 65535. Set it like PORT=8000',
        'LOG_LEVEL: "loud" is not one of debug, info, warning, error, critical. Set it like LOG_LEVEL=info',
        'DATABASE_POOL_SIZE: "0" is not a whole number from 1 to 100. Set it like DATABASE_POOL_SIZE=5',
        'SHUTDOWN_GRACE_SECONDS: "1e3" is not a whole number from 3 to 3600. Set it like SHUTDOWN_GRACE_SECONDS=20',
    ]


@pytest.mark.parametrize("port", ["0", "65536", "-1", "8000.0", "٣", "9" * 5000])
def test_odd_numbers_are_mistakes(port: str) -> None:
    assert len(mistakes(DATABASE_URL=URL, PORT=port)) == 1


def test_the_password_is_in_no_text() -> None:
    assert "hunter2" not in repr(read_settings({"DATABASE_URL": URL}))
    assert "hunter2" not in "".join(mistakes(DATABASE_URL="mysql://todo:hunter2@db:port"))


@pytest.mark.parametrize("module", ["todo", "todo.migrate"])
async def test_the_process_says_all_mistakes_and_ends_with_2(module: str) -> None:
    process = await run_module(module, PORT="x", LOG_LEVEL="y")
    output, _ = await process.communicate()
    lines = [json.loads(line) for line in output.splitlines()]
    assert process.returncode == 2
    assert [line["message"].split(":")[1].strip() for line in lines] == ["DATABASE_URL", "PORT", "LOG_LEVEL"]
