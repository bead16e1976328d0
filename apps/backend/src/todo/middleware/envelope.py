"""What every request gets: an ID, headers on its response, its metrics, a log line, and an answer in any case.

One middleware for all of it: one wrapped `send` and one look at the clock for each request.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from todo import logs
from todo.lifecycle import Lifecycle
from todo.metrics import Metrics
from todo.middleware.access_log import write_line
from todo.middleware.headers import response_headers
from todo.middleware.request_id import request_id_of
from todo.problems import unexpected

log = logging.getLogger(__name__)


class Envelope:
    """The outermost. What nobody handled is logged with its traceback and answered with a problem document."""

    def __init__(self, app: ASGIApp, lifecycle: Lifecycle, metrics: Metrics) -> None:
        self.app = app
        self.lifecycle = lifecycle
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = request_id_of(scope)
        status = 0

        def send_in_envelope(message: Message) -> Awaitable[None]:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = response_headers(
                    message.get("headers", ()), scope["path"], request_id, self.lifecycle.draining
                )
            return send(message)

        token = logs.request_id.set(request_id)
        self.metrics.active += 1
        start = time.perf_counter()
        try:
            await self.app(scope, receive, send_in_envelope)
        except Exception:
            log.exception("unexpected error", extra={"method": scope["method"], "path": scope["path"]})
            if status:
                # An answer that has begun can only be cut off.
                raise
            await unexpected()(scope, receive, send_in_envelope)
        finally:
            seconds = time.perf_counter() - start
            self.metrics.active -= 1
            self.metrics.record(scope, status or 500, seconds)
            write_line(scope, status, seconds)
            logs.request_id.reset(token)
