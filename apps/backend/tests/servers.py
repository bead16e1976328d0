"""Servers of the tests' own beside the given PostgreSQL: one that takes TLS alone, and a transaction pooler."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import asyncpg
import pytest

from process import free_port

# Neither server runs as root, which the tests' container may be. The number needs no entry in /etc/passwd.
USER = os.getuid() or 12345
PLACES = os.pathsep.join([os.environ["PATH"], "/usr/sbin", *map(str, Path("/usr/lib/postgresql").glob("*/bin"))])


@contextmanager
def servers_folder() -> Iterator[Path]:
    """A folder for a server's files. pytest's own ones are closed to other users."""
    with tempfile.TemporaryDirectory(prefix="todo-server-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def program(name: str) -> str:
    path = shutil.which(name, path=PLACES)
    if not path:
        pytest.fail(f"{name} is missing: install Debian's packages postgresql and pgbouncer, or use the test image")
    return path


def run(command: Sequence[str], folder: Path) -> None:
    """Run to the end as the servers' user. initdb insists on a name for it, so it is shown one."""
    names = {"passwd": f"tests:x:{USER}:{USER}::/:/bin/false\n", "group": f"tests:x:{USER}:\n"}
    for file, line in names.items():
        (folder / file).write_text(line)
    shown = {"NSS_WRAPPER_PASSWD": str(folder / "passwd"), "NSS_WRAPPER_GROUP": str(folder / "group")}
    environment = {"PATH": PLACES, "LD_PRELOAD": "libnss_wrapper.so", **shown}
    whole = [program(command[0]), *command[1:]]
    done = subprocess.run(whole, env=environment, capture_output=True, check=False, **_user())
    assert done.returncode == 0, done.stderr.decode()


def _user() -> dict[str, Any]:
    return {"user": USER, "group": USER, "extra_groups": []} if os.getuid() == 0 else {}


def openssl(*arguments: str) -> None:
    subprocess.run([program("openssl"), *arguments], capture_output=True, check=True)


def make_authority(folder: Path, name: str) -> Path:
    """A certificate authority as many make theirs, with few extensions; the certificate's file."""
    new = ("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")
    openssl(*new, "-subj", f"/CN={name}", "-keyout", str(folder / f"{name}.key"), "-out", str(folder / f"{name}.crt"))
    return folder / f"{name}.crt"


def make_certificate(folder: Path, authority: Path, host: str) -> None:
    """The server's certificate for a name, and its key."""
    new = ("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={host}")
    request = folder / "server.csr"
    openssl(*new, "-addext", f"subjectAltName=DNS:{host}", "-keyout", str(folder / "server.key"), "-out", str(request))
    sign = ("x509", "-req", "-in", str(request), "-CA", str(authority), "-CAkey", str(authority.with_suffix(".key")))
    openssl(*sign, "-days", "2", "-copy_extensions", "copy", "-out", str(folder / "server.crt"))


@contextmanager
def tls_only_postgres(folder: Path) -> Iterator[SplitResult]:
    """A PostgreSQL whose certificate is for `localhost`, without a line for plain connections; its URL."""
    data, port = folder / "data", free_port()
    (folder / "password").write_text("hunter2")
    for path in [folder, *folder.iterdir()]:
        os.chown(path, USER, USER)
    files = f"--pgdata={data}", f"--pwfile={folder / 'password'}"
    run(["initdb", "--username=todo", "--auth=scram-sha-256", "--encoding=UTF8", "--no-sync", *files], folder)
    (data / "pg_hba.conf").write_text("hostssl all all all scram-sha-256\n")
    settings = {
        "ssl": "on",
        "ssl_cert_file": folder / "server.crt",
        "ssl_key_file": folder / "server.key",
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": folder,
        "fsync": "off",
    }
    options = [f"-c{name}={value}" for name, value in settings.items()]
    with _serving([program("postgres"), "-D", str(data), "-p", str(port), *options], port):
        yield urlsplit(f"postgresql://todo:hunter2@localhost:{port}/postgres")


@contextmanager
def transaction_pooler(folder: Path, postgres_url: str, connections: int) -> Iterator[str]:
    """PgBouncer before the given PostgreSQL, in transaction mode and without help for prepared statements; its URL."""
    database, port = urlsplit(postgres_url), free_port()
    login = f"user={database.username} password={database.password}"
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        f"[databases]\n* = host={database.hostname} port={database.port or 5432} {login}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n"
        f"pool_mode = transaction\nmax_prepared_statements = 0\ndefault_pool_size = {connections}\n"
    )
    for path in (folder, settings):
        os.chown(path, USER, USER)
    with _serving([program("pgbouncer"), str(settings)], port):
        yield database._replace(netloc=f"anybody@127.0.0.1:{port}", query="pgbouncer=true").geturl()


@contextmanager
def _serving(command: Sequence[str], port: int) -> Iterator[None]:
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **_user()) as process:
        try:
            for _ in range(200):
                if _listens(port) or process.poll() is not None:
                    break
                time.sleep(0.05)
            assert process.poll() is None, process.communicate()[0].decode()
            yield
        finally:
            # At once: by SIGTERM either would wait for its clients, which a failed test has left.
            process.send_signal(signal.SIGQUIT)
            process.communicate()


def _listens(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


async def fetch(url: str, query: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()
