"""The server: it serves the application until SIGTERM, then ends in order.

Order of the end: /ready answers 503 and responses say `Connection: close` while new requests are still taken (drain);
then the port closes and the requests in flight finish; then the connections to the database close; exit status 0.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Iterator

import uvicorn

from todo.app import create_app
from todo.database import CLOSE_TIMEOUT_SECONDS
from todo.lifecycle import Lifecycle
from todo.settings import Settings

DRAIN_SECONDS = 1.0
# Longer than nginx keeps an idle connection (60 s): who closes first must be the side that sends the requests.
KEEP_ALIVE_SECONDS = 75
SIGNALS = (signal.SIGTERM, signal.SIGINT)
log = logging.getLogger("todo.server")


class Server(uvicorn.Server):
    """uvicorn that drains before it stops, and exits 0 when told to stop (its own way is to die by the signal)."""

    def __init__(self, config: uvicorn.Config, lifecycle: Lifecycle) -> None:
        super().__init__(config)
        self.lifecycle = lifecycle

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Handle SIGTERM and SIGINT in the event loop while the server runs."""
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            loop.add_signal_handler(number, self._stop, number)
        try:
            yield
        finally:
            for number in SIGNALS:
                loop.remove_signal_handler(number)

    def _stop(self, number: signal.Signals) -> None:
        if self.lifecycle.draining:
            log.warning("told to stop a second time: not waiting any longer")
            self.config.timeout_graceful_shutdown = 0
            self.should_exit = True
            return
        log.info("told to stop: draining", extra={"signal": number.name})
        self.lifecycle.draining = True
        asyncio.get_running_loop().call_later(DRAIN_SECONDS, setattr, self, "should_exit", True)


def create_server(settings: Settings) -> Server:
    """The server with all that belongs to it. Run it with the sockets that it shall listen on."""
    lifecycle = Lifecycle()
    config = uvicorn.Config(
        create_app(settings, lifecycle),
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=int(settings.shutdown_grace_seconds - DRAIN_SECONDS - CLOSE_TIMEOUT_SECONDS),
    )
    return Server(config, lifecycle)
