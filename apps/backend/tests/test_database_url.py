"""The spellings of DATABASE_URL."""

import ssl
from pathlib import Path

import pytest

from todo.database_url import parse_database_url


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_all_schemes_mean_the_same(scheme: str) -> None:
    target = parse_database_url(f"{scheme}://u:p%40ss@db/todo")
    assert target.dsn == "postgresql://u:p%40ss@db/todo"
    assert (target.address, target.ssl, target.pooled) == ("db:5432/todo", "prefer", False)


def test_other_parameters_are_kept() -> None:
    target = parse_database_url("postgresql://u@db:1/todo?application_name=a%20b&sslmode=disable&connect_timeout=9")
    assert target.dsn == "postgresql://u@db:1/todo?application_name=a+b"
    assert (target.ssl, target.connect_timeout) == ("disable", 9)


NEON = "ep-cool-1.eu-central-1.aws.neon.tech"
POOLED_NEON = "ep-cool-1-pooler.eu-central-1.aws.neon.tech"


@pytest.mark.parametrize(
    ("url", "seconds"),
    [
        ("postgresql://u@db/todo", 3),
        ("postgresql://u@db/todo?connect_timeout=25", 25),
        (f"postgresql://u@{NEON}/todo", 7),
        (f"postgresql://u@{POOLED_NEON}/todo?connect_timeout=2", 2),
    ],
)
def test_what_sleeps_is_given_the_time_to_wake(url: str, seconds: float) -> None:
    assert parse_database_url(url).connect_timeout == seconds


def test_neons_direct_address_is_the_one_without_pooler() -> None:
    pooled = parse_database_url(f"postgresql://u:-pooler.@{POOLED_NEON}:5432/todo?application_name=a&sslmode=require")
    direct = pooled.direct()
    assert direct.dsn == f"postgresql://u:-pooler.@{NEON}:5432/todo?application_name=a"
    assert (direct.address, direct.pooled) == (f"{NEON}:5432/todo", False)
    assert (direct.ssl, direct.connect_timeout) == (pooled.ssl, pooled.connect_timeout)


@pytest.mark.parametrize("host", [NEON, "db-pooler.example.com", "db.example.com"])
def test_no_other_address_is_guessed(host: str) -> None:
    target = parse_database_url(f"postgresql://u@{host}/todo")
    assert target.direct() is target


def test_required_channel_binding_becomes_a_verified_server() -> None:
    target = parse_database_url("postgresql://u:p@ep-a-pooler.eu.neon.tech/db?sslmode=require&channel_binding=require")
    assert isinstance(target.ssl, ssl.SSLContext)
    assert (target.ssl.check_hostname, target.ssl.verify_mode) == (True, ssl.CERT_REQUIRED)
    assert target.pooled
    assert "channel_binding" not in target.dsn


def test_verify_ca_does_not_check_the_name() -> None:
    context = parse_database_url("postgresql://u@db/todo?sslmode=verify-ca").ssl
    assert isinstance(context, ssl.SSLContext)
    assert (context.check_hostname, context.verify_mode) == (False, ssl.CERT_REQUIRED)


@pytest.mark.parametrize(
    ("url", "pooled"),
    [
        ("postgresql://u@db/todo?pgbouncer=true", True),
        ("postgresql://u@db/todo?pgbouncer=false", False),
        ("postgresql://u@ep-cool-1-pooler.neon.tech/todo", True),
        ("postgresql://u@my-pooler-not.example.com/todo", False),
    ],
)
def test_poolers_are_recognised(url: str, pooled: bool) -> None:
    assert parse_database_url(url).pooled is pooled


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("mysql://u@db/todo", "must start with postgresql://"),
        ("postgresql:///todo", "must name a host and a database"),
        ("postgresql://u@db", "must name a host and a database"),
        ("postgresql://u@db/", "must name a host and a database"),
        ("postgresql://u:p@ss#1@db:5432/todo", "must name a host and a database"),
        ("postgresql://u@db:99999/todo", "port must be a number"),
        ("postgresql://u@db/todo?sslmode=on", 'sslmode "on" is not one of disable, allow, prefer'),
        ("postgresql://u@db/todo?channel_binding=yes", 'channel_binding "yes" is not one of'),
        ("postgresql://u@db/todo?connect_timeout=0", 'connect_timeout "0" is not a whole number of seconds from 1 to'),
        ("postgresql://u@db/todo?connect_timeout=1m", 'connect_timeout "1m" is not a whole number'),
        ("postgresql://u@db/todo?sslmode=verify-full&sslrootcert=/none", 'sslrootcert "/none" cannot be read'),
        ("mysql://u@db?sslmode=on", "must start with postgresql://, like .*; .*host and a database.*; sslmode"),
    ],
)
def test_mistakes_are_named(url: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_database_url(url)


def test_a_root_certificate_that_is_none_is_a_mistake(tmp_path: Path) -> None:
    file = tmp_path / "root.crt"
    file.write_text("no certificate")
    with pytest.raises(ValueError, match="cannot be read"):
        parse_database_url(f"postgresql://u@db/todo?sslmode=verify-ca&sslrootcert={file}")
