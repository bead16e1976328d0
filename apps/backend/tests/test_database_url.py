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
    assert target.ssl == "disable"


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
