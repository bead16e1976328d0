"""A PostgreSQL that takes encrypted connections alone, with a certificate of a private authority."""

import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import SplitResult

import asyncpg
import pytest
from httpx import ASGITransport, AsyncClient

from conftest import settings_for
from process import run_module
from servers import make_authority, make_certificate, servers_folder, tls_only_postgres
from todo.app import create_app
from todo.lifecycle import Lifecycle
from todo.migrate import migrate
from todo.migrations import MigrationError


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the authority `right` and one that signed nothing, `wrong`."""
    folder = tmp_path_factory.mktemp("certificates")
    for name in ("right", "wrong"):
        make_authority(folder, name)
    return folder


@pytest.fixture(scope="module")
def server(certificates: Path) -> Iterator[SplitResult]:
    with servers_folder() as folder:
        make_certificate(folder, certificates / "right.crt", "localhost")
        with tls_only_postgres(folder) as url:
            yield url


def with_mode(server: SplitResult, mode: str, host: str = "localhost") -> str:
    place = server.netloc.replace("localhost", host)
    return server._replace(netloc=place, query=f"sslmode={mode}").geturl()


async def version_of_tls(url: str, **environment: str) -> object:
    """What the server says of the connection."""
    connection = await settings_for(url, **environment).database.connect()
    try:
        return await connection.fetchval("SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
    finally:
        await connection.close()


@pytest.mark.parametrize("mode", ["prefer", "require", "verify-ca", "verify-full"])
async def test_every_mode_that_encrypts_is_taken(server: SplitResult, certificates: Path, mode: str) -> None:
    authority = str(certificates / "right.crt")
    assert str(await version_of_tls(with_mode(server, mode), PGSSLROOTCERT=authority)).startswith("TLSv1.")


async def test_without_an_authority_require_encrypts_and_checks_nobody(server: SplitResult) -> None:
    assert str(await version_of_tls(with_mode(server, "require"))).startswith("TLSv1.")


async def test_a_plain_connection_is_refused_by_the_server(server: SplitResult) -> None:
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError, match="no encryption"):
        await version_of_tls(with_mode(server, "disable"))


@pytest.mark.parametrize("mode", ["require", "verify-ca", "verify-full"])
async def test_an_authority_that_signed_nothing_here_is_refused(
    server: SplitResult, certificates: Path, mode: str
) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        await version_of_tls(with_mode(server, mode), PGSSLROOTCERT=str(certificates / "wrong.crt"))
    # The machine's own authorities did not sign it either.
    with pytest.raises(ssl.SSLCertVerificationError):
        await version_of_tls(with_mode(server, "verify-full"))


async def test_a_name_that_the_certificate_lacks_matters_to_verify_full_alone(
    server: SplitResult, certificates: Path
) -> None:
    authority = str(certificates / "right.crt")
    assert await version_of_tls(with_mode(server, "verify-ca", "127.0.0.1"), PGSSLROOTCERT=authority)
    with pytest.raises(ssl.SSLCertVerificationError, match=r"not valid for '127\.0\.0\.1'"):
        await version_of_tls(with_mode(server, "verify-full", "127.0.0.1"), PGSSLROOTCERT=authority)


@pytest.mark.parametrize(
    ("mode", "host", "authority", "message"),
    [
        ("disable", "localhost", "right", "takes encrypted connections alone. Set sslmode=verify-full or"),
        ("verify-full", "localhost", "wrong", "cannot be verified. Name the authority that signed it: databaseCa"),
        ("verify-full", "127.0.0.1", "right", "shows a certificate of another name. Connect by a name that the"),
    ],
)
async def test_a_migration_says_at_once_what_is_wrong_and_what_mends_it(
    server: SplitResult, certificates: Path, mode: str, host: str, authority: str, message: str
) -> None:
    url = with_mode(server, mode, host)
    process = await run_module("todo.migrate", DATABASE_URL=url, PGSSLROOTCERT=str(certificates / f"{authority}.crt"))
    output = (await process.communicate())[0].decode()
    assert (process.returncode, output.count("\n")) == (1, 1)
    assert message in output
    assert "hunter2" not in output


async def test_a_database_without_tls_is_told_at_once(postgres_url: str) -> None:
    with pytest.raises(MigrationError, match=r"does not encrypt\. Turn TLS on there"):
        await migrate(settings_for(f"{postgres_url}?sslmode=require").database)


async def test_the_application_migrates_and_serves_with_a_verified_server(
    server: SplitResult, certificates: Path
) -> None:
    settings = settings_for(with_mode(server, "verify-full"), PGSSLROOTCERT=str(certificates / "right.crt"))
    await migrate(settings.migrations)
    app = create_app(settings, Lifecycle())
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        assert (await client.post("/api/todos", json={"title": "encrypted"})).status_code == 201
        assert (await client.get("/api/todos")).json()["total"] == 1
    await app.state.services.database.close()


async def test_a_server_that_cannot_be_verified_is_a_503_that_is_not_ready_and_says_why(
    server: SplitResult, certificates: Path
) -> None:
    settings = settings_for(with_mode(server, "verify-full"), PGSSLROOTCERT=str(certificates / "wrong.crt"))
    app = create_app(settings, Lifecycle())
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        assert (await client.get("/api/todos")).status_code == 503
        assert "certificate verify failed" in (await client.get("/ready")).json()["detail"]
