"""Answers `GET /health` before routing: whether the process answers must not depend on anything that can be slow."""

from __future__ import annotations

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from todo.routes.operations import alive


class Liveness:
    """The answer is made once: it is the same for as long as the process lives."""

    path = "/health"
    """As of a route: the label in the metrics."""

    def __init__(self, app: ASGIApp, version: str) -> None:
        self.app = app
        response = JSONResponse(alive(version))
        self.headers, self.body = response.raw_headers, bytes(response.body)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != self.path or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        scope["route"] = self
        await send({"type": "http.response.start", "status": 200, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})
