"""Reads DATABASE_URL, in any of the spellings in use, into what asyncpg needs to connect."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

if TYPE_CHECKING:
    import asyncpg

EXAMPLE = "postgresql://user:password@host:5432/todo"
CONNECT_TIMEOUT_SECONDS = 3.0
# What was suspended takes "500 ms to a few seconds" to wake: https://neon.com/docs/introduction/auto-suspend. The page
# waits 8 s for an answer (apps/frontend/lib/api/client.ts), and the statement comes after the connection.
WAKE_TIMEOUT_SECONDS = 7.0
# nginx waits 30 s for an answer (docker/nginx/proxy.conf).
LONGEST_CONNECT_TIMEOUT_SECONDS = 25
COMMAND_TIMEOUT_SECONDS = 3.0
SCHEMES = ("postgres", "postgresql", "postgresql+asyncpg")
# libpq's modes: https://www.postgresql.org/docs/17/libpq-ssl.html
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
SYSTEM_CERTIFICATES = "system"
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
    connect_timeout: float = CONNECT_TIMEOUT_SECONDS
    """Seconds until an attempt to connect has failed."""

    async def connect(self, command_timeout: float | None = COMMAND_TIMEOUT_SECONDS) -> asyncpg.Connection:
        """Open one connection. Raises OSError, TimeoutError or asyncpg.PostgresError."""
        import asyncpg  # noqa: PLC0415 - slow to import, and the settings are read before the port is open

        cache = {"statement_cache_size": 0} if self.pooled else {}
        return await asyncpg.connect(
            self.dsn, ssl=self.ssl, timeout=self.connect_timeout, command_timeout=command_timeout, **cache
        )

    def direct(self) -> DatabaseTarget:
        """The same database without its pooler, where that is known: Neon's direct host is the one without "-pooler".

        https://neon.com/docs/connect/connection-pooling
        """
        parts = urlsplit(self.dsn)
        if not (self.pooled and _is_neon(parts)):
            return self
        user, at, place = parts.netloc.rpartition("@")
        endpoint, dot, rest = place.partition(".")
        direct = parts._replace(netloc=user + at + endpoint.removesuffix("-pooler") + dot + rest)
        return replace(self, dsn=direct.geturl(), address=_address(direct), pooled=False)


def parse_database_url(url: str, root_certificate: str = SYSTEM_CERTIFICATES) -> DatabaseTarget:
    """Read a database URL. Raises ValueError that says every mistake and repeats no secret.

    `root_certificate` is the file of the authority that signed the server's certificate, where the URL names none.
    """
    parts = urlsplit(url)
    parameters = dict(parse_qsl(parts.query, keep_blank_values=True))
    mistakes = [*_address_mistakes(parts), *_parameter_mistakes(parameters)]
    if mistakes:
        raise ValueError("; ".join(mistakes))
    rest = urlencode({key: value for key, value in parameters.items() if key not in OWN_PARAMETERS})
    return DatabaseTarget(
        dsn=parts._replace(scheme="postgresql", query=rest).geturl(),
        address=_address(parts),
        ssl=_ssl(parameters, root_certificate),
        pooled=_is_pooled(parts, parameters),
        connect_timeout=_connect_timeout(parts, parameters),
    )


def _address(parts: SplitResult) -> str:
    return f"{parts.hostname}:{parts.port or 5432}{parts.path}"


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
    mistakes = [
        f'{name} "{parameters[name]}" is not one of {", ".join(values)}'
        for name, values in known.items()
        if name in parameters and parameters[name] not in values
    ]
    seconds = parameters.get("connect_timeout", "1")
    if not (seconds.isascii() and seconds.isdigit() and 1 <= int(seconds[:10]) <= LONGEST_CONNECT_TIMEOUT_SECONDS):
        mistakes.append(
            f'connect_timeout "{seconds}" is not a whole number of seconds from 1 to {LONGEST_CONNECT_TIMEOUT_SECONDS}'
        )
    return mistakes


def _ssl(parameters: dict[str, str], root_certificate: str) -> ssl.SSLContext | str:
    mode = parameters.get("sslmode", "prefer")
    root = parameters.get("sslrootcert", root_certificate)
    # asyncpg has no channel binding. Who requires it wants a server that cannot be impersonated: verify its name.
    if parameters.get("channel_binding") == "require" and mode in ("prefer", "require"):
        mode = "verify-full"
    # As in libpq: who names an authority has its signature checked.
    if mode == "require" and root != SYSTEM_CERTIFICATES:
        mode = "verify-ca"
    if not mode.startswith("verify"):
        return mode
    try:
        context = ssl.create_default_context(cafile=None if root == SYSTEM_CERTIFICATES else root)
    except OSError as error:
        raise ValueError(f'sslrootcert "{root}" cannot be read: {error.strerror or error}') from error
    if root != SYSTEM_CERTIFICATES:
        # Private authorities, those of managed databases among them, often lack extensions that Python 3.13 insists on:
        # https://docs.python.org/3.13/library/ssl.html#ssl.VERIFY_X509_STRICT. libpq does not.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    context.check_hostname = mode == "verify-full"
    return context


def _is_pooled(parts: SplitResult, parameters: dict[str, str]) -> bool:
    """Whether the URL is a pooler's: Neon's hosts say so in their name, for others there is `?pgbouncer=true`."""
    first_label = (parts.hostname or "").split(".")[0]
    return first_label.endswith("-pooler") or parameters.get("pgbouncer") == "true"


def _is_neon(parts: SplitResult) -> bool:
    return (parts.hostname or "").endswith(".neon.tech")


def _connect_timeout(parts: SplitResult, parameters: dict[str, str]) -> float:
    """As the URL says. Neon suspends a database that nobody asks, and whoever asks next waits until it has woken."""
    default = WAKE_TIMEOUT_SECONDS if _is_neon(parts) else CONNECT_TIMEOUT_SECONDS
    return float(parameters.get("connect_timeout", default))
