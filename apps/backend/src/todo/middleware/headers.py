"""Headers of every response: security, caching, and "this connection ends" while the server drains."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from todo.lifecycle import Lifecycle

DOCS_PATH = "/api/docs"
API_POLICY = "default-src 'none'; frame-ancestors 'none'"
# FastAPI's documentation page has an inline script, takes Swagger UI from jsDelivr and its icon from its own site.
DOCS_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' https://cdn.jsdelivr.net; "
    "style-src 'unsafe-inline' https://cdn.jsdelivr.net; img-src data: https://fastapi.tiangolo.com; "
    "connect-src 'self'; frame-ancestors 'none'"
)


class Headers:
    """Adds the headers. An answer is never cached: the next one may differ."""

    def __init__(self, app: ASGIApp, lifecycle: Lifecycle) -> None:
        self.app = app
        self.lifecycle = lifecycle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
                headers["Content-Security-Policy"] = DOCS_POLICY if scope["path"] == DOCS_PATH else API_POLICY
                headers.setdefault("Cache-Control", "no-store")
                if self.lifecycle.draining:
                    # A proxy must not keep this connection for its next request: we are about to close it.
                    headers["Connection"] = "close"
            await send(message)

        await self.app(scope, receive, add)
