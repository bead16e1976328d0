"""Headers of every response: its ID, security, caching, and "this connection ends" while the server drains."""

from __future__ import annotations

from collections.abc import Iterable

DOCS_PATH = "/api/docs"
API_POLICY = b"default-src 'none'; frame-ancestors 'none'"
# FastAPI's documentation page has an inline script, takes Swagger UI from jsDelivr and its icon from its own site.
DOCS_POLICY = (
    b"default-src 'none'; script-src 'unsafe-inline' https://cdn.jsdelivr.net; "
    b"style-src 'unsafe-inline' https://cdn.jsdelivr.net; img-src data: https://fastapi.tiangolo.com; "
    b"connect-src 'self'; frame-ancestors 'none'"
)

type Header = tuple[bytes, bytes]
# As ASGI has them: in lower case.
_ALWAYS: list[Header] = [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer")]
# An answer is not cached unless it says so itself: the next one may differ.
_NOT_CACHED: Header = (b"cache-control", b"no-store")
# A proxy must not keep this connection for its next request: we are about to close it.
_CLOSING: Header = (b"connection", b"close")


def response_headers(given: Iterable[Header], path: str, request_id: str, draining: bool) -> list[Header]:
    """The headers that the application gave, and ours."""
    headers = [
        *given,
        *_ALWAYS,
        (b"content-security-policy", DOCS_POLICY if path == DOCS_PATH else API_POLICY),
        (b"x-request-id", request_id.encode()),
    ]
    if not any(name == _NOT_CACHED[0] for name, _ in headers):
        headers.append(_NOT_CACHED)
    if draining:
        headers.append(_CLOSING)
    return headers
