"""Reads DATABASE_URL, in any of the spellings in use, into what asyncpg needs to connect."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

if TYPE_CHECKING:
    import asyncpg

EXAMPLE = "postgresql://user:password@host:5432/todo"
CONNECT_TIMEOUT_SECONDS = 3.0
COMMAND_TIMEOUT_SECONDS = 3.0
SCHEMES = ("postgres", "postgresql", "postgresql+asyncpg")
# libpq's modes: https://www.postgresql.org/docs/17/libpq-ssl.html
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
CHANNEL_BINDINGS = ("disable", "prefer", "require")
# Parameters that asyncpg would send to the server as settings, which refuses them.
OWN_PARAMETERS = {"sslmode", "sslrootcert", "channel_binding", "pgbouncer", "connect_timeout"}


@dataclass(frozen=True, slots=True)
class DatabaseTarget:
    """Where the database is and how to speak to it. Its text never shows the password."""

    dsn: str = field(repr=False)
    address: str
    """`host:port/database`, for messages."""
    ssl: ssl.SSLContext | str = field(repr=False)
    pooled: bool
    """True behind a transaction pooler (PgBouncer), where a prepared statement does not outlive its transaction."""

    async def connect(self, command_timeout: float | None = COMMAND_TIMEOUT_SECONDS) -> asyncpg.Connection:
        """Open one connection. Raises OSError, TimeoutError or asyncpg.PostgresError."""
        import asyncpg  # noqa: PLC0415 - slow to import, and the settings are read before the port is open

        cache = {"statement_cache_size": 0} if self.pooled else {}
        return await asyncpg.connect(
            self.dsn, ssl=self.ssl, timeout=CONNECT_TIMEOUT_SECONDS, command_timeout=command_timeout, **cache
        )


def parse_database_url(url: str) -> DatabaseTarget:
    """Read a database URL. Raises ValueError that says every mistake and repeats no secret."""
    parts = urlsplit(url)
    parameters = dict(parse_qsl(parts.query, keep_blank_values=True))
    mistakes = [*_address_mistakes(parts), *_parameter_mistakes(parameters)]
    if mistakes:
        raise ValueError("; ".join(mistakes))
    rest = urlencode({key: value for key, value in parameters.items() if key not in OWN_PARAMETERS})
    return DatabaseTarget(
        dsn=parts._replace(scheme="postgresql", query=rest).geturl(),
        address=f"{parts.hostname}:{parts.port or 5432}{parts.path}",
        ssl=_ssl(parameters),
        pooled=_is_pooled(parts, parameters),
    )


def _address_mistakes(parts: SplitResult) -> list[str]:
    mistakes = []
    if parts.scheme not in SCHEMES:
        mistakes.append(f"it must start with postgresql://, like {EXAMPLE}")
    try:
        complete = bool(parts.hostname and parts.path.strip("/") and (parts.port is None or parts.port > 0))
    except ValueError:
        mistakes.append("its port must be a number from 1 to 65535 (a password's special characters must be %-encoded)")
    else:
        if not complete:
            mistakes.append(f"it must name a host and a database, like {EXAMPLE}")
    return mistakes


def _parameter_mistakes(parameters: dict[str, str]) -> list[str]:
    known = {"sslmode": SSL_MODES, "channel_binding": CHANNEL_BINDINGS, "pgbouncer": ("true", "false")}
    return [
        f'{name} "{parameters[name]}" is not one of {", ".join(values)}'
        for name, values in known.items()
        if name in parameters and parameters[name] not in values
    ]


def _ssl(parameters: dict[str, str]) -> ssl.SSLContext | str:
    mode = parameters.get("sslmode", "prefer")
    # asyncpg has no channel binding. Who requires it wants a server that cannot be impersonated: verify its name.
    if parameters.get("channel_binding") == "require" and mode in ("prefer", "require"):
        mode = "verify-full"
    if not mode.startswith("verify"):
        return mode
    root = parameters.get("sslrootcert", "system")
    try:
        context = ssl.create_default_context(cafile=None if root == "system" else root)
    except OSError as error:
        raise ValueError(f'sslrootcert "{root}" cannot be read: {error.strerror or error}') from error
    context.check_hostname = mode == "verify-full"
    return context


def _is_pooled(parts: SplitResult, parameters: dict[str, str]) -> bool:
    """Whether the URL is a pooler's: Neon's hosts say so in their name, for others there is `?pgbouncer=true`."""
    first_label = (parts.hostname or "").split(".")[0]
    return first_label.endswith("-pooler") or parameters.get("pgbouncer") == "true"
