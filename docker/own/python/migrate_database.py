"""The database that is migrated: where it is, how it is spoken to, and why it cannot be.

The driver is this program's own, whatever the application uses.
"""

from __future__ import annotations

import logging
import signal
import ssl
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from pg8000.exceptions import DatabaseError, InterfaceError
from pg8000.native import Connection

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

EXAMPLE = "postgresql://user:password@host:5432/name"
# As apps/backend/src/todo/migrate.py: a database may start at the same time, and its login be made then.
WAIT_SECONDS = 60.0
LOGIN_WAIT_SECONDS = 30.0
RETRY_SECONDS = 0.5
CONNECT_SECONDS = 10
# https://www.postgresql.org/docs/17/libpq-ssl.html
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
# Of logins, and of a database that is not there (yet): https://www.postgresql.org/docs/17/errcodes-appendix.html
LOGIN_CODES = ("28", "3D000")
# Starting, stopping, or full for a moment.
PASSING_CODES = ("57P", "53300", "08")

log = logging.getLogger("migrate")


class MigrationError(Exception):
    """Why there was no migration, in words for a person."""


@dataclass(frozen=True)
class Target:
    """Where the database is and how to speak to it. Its text never shows the password."""

    user: str
    password: str | None = field(repr=False)
    host: str
    port: int
    database: str
    ssl_context: ssl.SSLContext | bool | None = field(repr=False)
    """As pg8000 has it: False for none, None for "if the server has it", True without a look at the certificate."""

    @property
    def address(self) -> str:
        """`host:port/database`, for messages."""
        return f"{self.host}:{self.port}/{self.database}"

    def connect(self) -> Connection:
        """Open one connection. Raises OSError, InterfaceError or DatabaseError."""
        with deadline(CONNECT_SECONDS):
            return Connection(
                self.user,
                host=self.host,
                port=self.port,
                database=self.database,
                password=self.password,
                ssl_context=self.ssl_context,
                application_name="migrate",
            )


@contextmanager
def deadline(seconds: int) -> Iterator[None]:
    """Raise TimeoutError in what takes longer. A timeout of the socket would end long migrations too."""

    def late(*_: object) -> None:
        raise TimeoutError(f"no answer within {seconds} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def read_target(environment: Mapping[str, str]) -> Target:
    """Read the database's URL as SQLAlchemy, asyncpg and libpq write it. Raises MigrationError without a secret."""
    name = "DATABASE_DIRECT_URL" if environment.get("DATABASE_DIRECT_URL") else "DATABASE_URL"
    url = environment.get(name)
    if not url:
        raise MigrationError(f"DATABASE_URL is not set: it must be like {EXAMPLE}")
    parts = urlsplit(url)
    try:
        port = parts.port or 5432
    except ValueError as error:
        raise MigrationError(
            f"the port in {name} is no number (a password's special characters must be %-encoded)"
        ) from error
    database = unquote(parts.path.strip("/"))
    if parts.scheme.split("+")[0] not in {"postgres", "postgresql"} or not parts.hostname or not database:
        raise MigrationError(f"{name} must name a user, a host and a database, like {EXAMPLE}")
    parameters = dict(parse_qsl(parts.query, keep_blank_values=True))
    return Target(
        user=unquote(parts.username or environment.get("PGUSER", "postgres")),
        password=unquote(parts.password) if parts.password is not None else environment.get("PGPASSWORD"),
        host=parts.hostname,
        port=port,
        database=database,
        ssl_context=ssl_context(parameters, environment),
    )


def ssl_context(parameters: Mapping[str, str], environment: Mapping[str, str]) -> ssl.SSLContext | bool | None:
    """How to encrypt: `sslmode`, or asyncpg's `ssl`, and the authority that signed the server's certificate."""
    mode = parameters.get("sslmode") or parameters.get("ssl") or "prefer"
    mode = {"true": "require", "false": "disable"}.get(mode.lower(), mode)
    if mode not in SSL_MODES:
        raise MigrationError(f'sslmode "{mode}" is not one of {", ".join(SSL_MODES)}')
    root = parameters.get("sslrootcert") or environment.get("PGSSLROOTCERT") or "system"
    # As in libpq: who names an authority has its signature checked.
    if mode == "require" and root != "system":
        mode = "verify-ca"
    if not mode.startswith("verify"):
        return {"disable": False, "require": True}.get(mode)
    try:
        context = ssl.create_default_context(cafile=None if root == "system" else root)
    except OSError as error:
        raise MigrationError(f'sslrootcert "{root}" cannot be read: {error.strerror or error}') from error
    if root != "system":
        # Private authorities often lack extensions that Python 3.13 insists on; libpq does not.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    context.check_hostname = mode == "verify-full"
    return context


def connect_when_up(
    target: Target, wait_seconds: float = WAIT_SECONDS, login_wait_seconds: float = LOGIN_WAIT_SECONDS
) -> Connection:
    """Wait for a database that starts, and a shorter time for a login that is being made. Raises MigrationError."""
    start = time.monotonic()
    refused_since: float | None = None
    told = False
    while True:
        try:
            return target.connect()
        except (OSError, InterfaceError, DatabaseError) as error:
            refuse_mistake(target, error)
            now = time.monotonic()
            refused = code_of(error).startswith(LOGIN_CODES)
            if refused and refused_since is None:
                refused_since = now
            since, seconds = (refused_since, login_wait_seconds) if refused else (start, wait_seconds)
            if now + RETRY_SECONDS > (since or start) + seconds:
                answer = "refused the login" if refused else "did not answer"
                raise MigrationError(
                    f"the database at {target.address} {answer} for {seconds:.0f} s ({reason_of(error)}). "
                    "Check the address, the user and the password in DATABASE_URL"
                ) from error
            if not told:
                log.info(f"waiting for the database at {target.address}: {reason_of(error)}")
                told = True
        time.sleep(RETRY_SECONDS)


def refuse_mistake(target: Target, error: Exception) -> None:
    """Raise MigrationError for what no waiting mends."""
    certificate = next((one for one in (error, error.__cause__) if isinstance(one, ssl.SSLCertVerificationError)), None)
    if certificate is not None:
        raise MigrationError(
            f"the certificate of the database at {target.address} cannot be verified ({certificate.verify_message}). "
            "Name the authority that signed it: databaseCa of the stack, PGSSLROOTCERT of this process"
        ) from error
    if isinstance(error, InterfaceError) and "refuses SSL" in str(error):
        raise MigrationError(
            f"the database at {target.address} does not encrypt. Turn TLS on there, or take another sslmode in its URL"
        ) from error
    code = code_of(error)
    if isinstance(error, DatabaseError) and not code.startswith((*LOGIN_CODES, *PASSING_CODES)):
        raise MigrationError(f"the database at {target.address} says: {reason_of(error)}") from error


def code_of(error: Exception) -> str:
    """The SQLSTATE; empty where the server did not speak."""
    details = error.args[0] if isinstance(error, DatabaseError) and error.args else None
    return str(details.get("C", "")) if isinstance(details, dict) else ""


def reason_of(error: Exception) -> str:
    """What went wrong, in one line."""
    details = error.args[0] if isinstance(error, DatabaseError) and error.args else None
    if isinstance(details, dict):
        more = [str(details[key]) for key in ("D", "H") if key in details]
        return ". ".join([str(details.get("M", "unknown")), *more])
    return str(error.__cause__ or error) or type(error).__name__
