"""`python -m todo`: serves the application until SIGTERM; how it ends stands in `todo.server`.

The port is open before the application is imported, which is most of the start. Who connects meanwhile (the cluster's
startup probe, above all) waits and is answered at the first possible moment, and need not ask again a second later.
"""

from __future__ import annotations

import gc
import logging
import socket
import sys

from todo.logs import configure_logs
from todo.settings import settings_or_exit

log = logging.getLogger("todo")


def listen(port: int) -> socket.socket:
    """The port on all addresses, or a log line that says why not and the end with status 1."""
    try:
        return socket.create_server(("0.0.0.0", port), backlog=socket.SOMAXCONN)
    except OSError as error:
        log.error("PORT: cannot listen on %d: %s. Stop what uses it, or set another port", port, error.strerror)
        sys.exit(1)


def main() -> None:
    """Entry point."""
    # What is made from here to the start of the server stays: looking through it for garbage is wasted time.
    gc.disable()
    configure_logs("info")
    settings = settings_or_exit()
    configure_logs(settings.log_level)
    listener = listen(settings.port)
    log.info("starting", extra={"version": settings.version, "port": settings.port})
    from todo.server import create_server  # noqa: PLC0415 - slow to import

    server = create_server(settings)
    gc.freeze()
    gc.enable()
    server.run(sockets=[listener])


if __name__ == "__main__":
    main()
