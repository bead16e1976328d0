"""Runs the real server, without a database, while the image is built.

It proves that the image works before anybody deploys it, and it leaves the bytecode of every module that is really
imported: a read-only container never makes any.
"""

import compileall
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request

PORT = 8000
SECONDS = 30
# Nothing listens there.
ENVIRONMENT = {**os.environ, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing", "PORT": str(PORT)}
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


def main() -> None:
    """Compile the source (migrations are not imported by the server), start the server, ask, end it."""
    compileall.compile_dir("/app/src", quiet=1)
    server = subprocess.Popen([sys.executable, "-m", "todo.server"], env=ENVIRONMENT)
    try:
        ask(server)
    finally:
        server.kill()


main()
