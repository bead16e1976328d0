"""The correlation ID: taken from the client or made."""

from __future__ import annotations

import re
from os import urandom

from starlette.types import Scope

_ACCEPTED = re.compile(rb"[A-Za-z0-9._-]{1,128}")


def request_id_of(scope: Scope) -> str:
    """The client's `X-Request-ID` if it is fit for a log and a header, else a random one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            return value.decode() if _ACCEPTED.fullmatch(value) else urandom(16).hex()
    return urandom(16).hex()
