"""Runs the real server in its image, without a database.

It proves that the image has what the server needs, and bytecode of every module that is really imported: a read-only
container never makes any.
"""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

PORT = 8000
SECONDS = 30
# Nothing listens there. Bytecode that is missing shall be written, and seen.
SETTINGS = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing", "PORT": str(PORT), "PYTHONDONTWRITEBYTECODE": ""}
PATHS = {"/health": 200, "/metrics": 200, "/api/openapi.json": 200, "/api/todos": 503, "/nothing": 404}


def status(path: str) -> int:
    """The status of GET `path`, 0 while nobody listens."""
    try:
        return int(urllib.request.urlopen(f"http://127.0.0.1:{PORT}{path}", timeout=SECONDS).status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def ask(server: "subprocess.Popen[bytes]") -> None:
    """Ask every path. Raises AssertionError with what was wrong."""
    end = time.monotonic() + SECONDS
    while status("/health") != 200:
        assert server.poll() is None, f"the server ended with status {server.returncode}"
        assert time.monotonic() < end, f"no answer on /health within {SECONDS} s"
        time.sleep(0.02)
    for path, expected in PATHS.items():
        assert status(path) == expected, f"{path} answers {status(path)}, not {expected}"


def bytecode() -> set[Path]:
    """All that there is."""
    return set(Path(os.environ["PYTHONPYCACHEPREFIX"]).rglob("*.pyc"))


def main() -> None:
    """Start the server, ask, end it, and look for what it had to compile."""
    before = bytecode()
    server = subprocess.Popen([sys.executable, "-m", "todo"], env={**os.environ, **SETTINGS})
    try:
        ask(server)
    finally:
        server.kill()
    missing = sorted(map(str, bytecode() - before))
    assert not missing, f"compiled at the start only; add to warm.py what imports it: {missing}"


main()
