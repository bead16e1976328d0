"""Refuses bodies that are too large, announced or not."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from todo.problems import problem_response

LIMIT_BYTES = 64 * 1024
DETAIL = f"The body is larger than {LIMIT_BYTES // 1024} KiB."


class BodyLimit:
    """Answers 413 at once when `Content-Length` says too much, and as soon as a chunked body gets too long."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdecimal() and int(announced) > LIMIT_BYTES:
            await problem_response(413, DETAIL)(scope, receive, send)
            return
        received = 0

        async def count() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > LIMIT_BYTES:
                # An HTTPException is the only kind that FastAPI lets through while it reads a body.
                raise HTTPException(413, DETAIL)
            return message

        await self.app(scope, count, send)
