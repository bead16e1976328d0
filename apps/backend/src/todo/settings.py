"""The settings, read once from the environment; every mistake is reported together."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from todo.database_url import EXAMPLE, SYSTEM_CERTIFICATES, DatabaseTarget, parse_database_url

LOG_LEVELS = ("debug", "info", "warning", "error", "critical")
PINGS = ("always", "after-failure")


class SettingsError(Exception):
    """The environment has mistakes; `mistakes` has one sentence for each."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says. The defaults stand in `read_settings`."""

    database: DatabaseTarget
    port: int
    log_level: str
    pool_size: int
    shutdown_grace_seconds: int
    """From SIGTERM to the end of the process, at most."""
    version: str
    ping: str = "always"
    """When `/ready` asks the database: each time, or only until it has answered again after a failure."""
    direct: DatabaseTarget | None = None
    """The database without its pooler, where that was said."""

    @property
    def migrations(self) -> DatabaseTarget:
        """Where migrations connect to: directly, as far as that is known."""
        return self.direct or self.database.direct()


class _Reader:
    """Reads variables and collects what is wrong with them. An empty variable counts as not set."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.mistakes: list[str] = []

    def text(self, name: str, default: str) -> str:
        return self.environment.get(name, "").strip() or default

    def integer(self, name: str, default: int, low: int, high: int) -> int:
        value = self.text(name, str(default))
        if value.isascii() and value.isdigit() and low <= int(value[:10]) <= high:
            return int(value)
        self.mistakes.append(
            f'{name}: "{value}" is not a whole number from {low} to {high}. Set it like {name}={default}'
        )
        return default

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        value = self.text(name, default).lower()
        if value not in choices:
            self.mistakes.append(f'{name}: "{value}" is not one of {", ".join(choices)}. Set it like {name}={default}')
        return value

    def database(self, name: str) -> DatabaseTarget | None:
        value = self.text(name, "")
        if value:
            return self._target(name, value)
        self.mistakes.append(f"{name}: it is missing. Set it like {name}={EXAMPLE}")
        return None

    def direct_database(self, name: str) -> DatabaseTarget | None:
        value = self.text(name, "")
        target = self._target(name, value) if value else None
        if target and target.pooled:
            self.mistakes.append(f"{name}: it names a pooler. Take the database's own address, without -pooler")
        return target

    def _target(self, name: str, value: str) -> DatabaseTarget | None:
        try:
            return parse_database_url(value, self.text("PGSSLROOTCERT", SYSTEM_CERTIFICATES))
        except ValueError as error:
            self.mistakes.append(f"{name}: {error}")
        return None


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read all settings. Raises SettingsError with all mistakes in them."""
    reader = _Reader(environment)
    database = reader.database("DATABASE_URL")
    direct = reader.direct_database("DATABASE_DIRECT_URL")
    port = reader.integer("PORT", 8000, 1, 65535)
    log_level = reader.choice("LOG_LEVEL", "info", LOG_LEVELS)
    pool_size = reader.integer("DATABASE_POOL_SIZE", 5, 1, 100)
    # Below 3 s there is no time to drain, finish and close.
    grace = reader.integer("SHUTDOWN_GRACE_SECONDS", 20, 3, 3600)
    ping = reader.choice("DATABASE_PING", "always", PINGS)
    if database is None or reader.mistakes:
        raise SettingsError(reader.mistakes)
    version = reader.text("APP_VERSION", "0.0.0-dev")
    return Settings(database, port, log_level, pool_size, grace, version, ping, direct)


def settings_or_exit() -> Settings:
    """Read the process's settings, or log each mistake and end with status 2."""
    try:
        return read_settings(os.environ)
    except SettingsError as error:
        for mistake in error.mistakes:
            logging.getLogger(__name__).error("configuration: %s", mistake)
        sys.exit(2)
