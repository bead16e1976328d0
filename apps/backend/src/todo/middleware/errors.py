"""The last resort: what nobody handled is logged with its traceback and answered with a problem document."""

from __future__ import annotations

import logging

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from todo.problems import unexpected

log = logging.getLogger(__name__)


class Errors:
    """Turns an exception into a 500 problem. Once an answer has begun, it can only be cut off."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except Exception:
            log.exception("unexpected error", extra={"method": scope["method"], "path": scope["path"]})
            if started:
                raise
            await unexpected()(scope, receive, send)
