"""What the environment says. What is missing is told at the start, with the variable's name."""

import os

# RFC 7518, section 3.2: a key for HS256 is at least as long as its hash.
SHORTEST_SECRET = 32


class SettingsError(Exception):
    """The environment lacks a variable, or has one that cannot be used."""


def database_url() -> str:
    """SQLAlchemy's URL of the database, which names the driver: `postgresql+psycopg://...`."""
    return _required("SQLALCHEMY_URL")


def token_secret() -> str:
    """The key that the members' tokens are signed with."""
    secret = _required("JWT_SECRET")
    if len(secret) < SHORTEST_SECRET:
        message = f"JWT_SECRET has {len(secret)} characters, and needs {SHORTEST_SECRET} at least: openssl rand -hex 32"
        raise SettingsError(message)
    return secret


def _required(name: str) -> str:
    value = os.environ.get(name, "")
    if value == "":
        message = f"The environment variable {name} is missing; README.md tells what it is."
        raise SettingsError(message)
    return value
