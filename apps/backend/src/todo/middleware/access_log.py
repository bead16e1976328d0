"""One log line for each request."""

from __future__ import annotations

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("todo.access")
# Asked every few seconds by the cluster: worth a line only when the answer is no.
PROBES = {"/health", "/ready", "/metrics"}


class AccessLog:
    """Logs method, path, status, duration in milliseconds and the client's address."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 0

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        start = time.perf_counter()
        try:
            await self.app(scope, receive, watch)
        finally:
            _write(scope, status, time.perf_counter() - start)


def _write(scope: Scope, status: int, seconds: float) -> None:
    quiet = scope["path"] in PROBES and status == 200
    fields = {
        "method": scope["method"],
        "path": scope["path"],
        "status": status,
        "duration_ms": round(seconds * 1000, 1),
        "client": scope["client"][0] if scope.get("client") else None,
    }
    log.log(logging.DEBUG if quiet else logging.INFO, "request", extra=fields)
