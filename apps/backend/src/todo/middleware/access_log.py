"""One log line for each request."""

from __future__ import annotations

import logging

from starlette.types import Scope

log = logging.getLogger("todo.access")
# Asked every few seconds by the cluster: worth a line only when the answer is no.
PROBES = {"/health", "/ready", "/metrics"}


def write_line(scope: Scope, status: int, seconds: float) -> None:
    """Log method, path, status, duration in milliseconds and the client's address."""
    level = logging.DEBUG if status == 200 and scope["path"] in PROBES else logging.INFO
    if not log.isEnabledFor(level):
        return
    fields = {
        "method": scope["method"],
        "path": scope["path"],
        "status": status,
        "duration_ms": round(seconds * 1000, 1),
        "client": scope["client"][0] if scope.get("client") else None,
    }
    log.log(level, "request", extra=fields)
