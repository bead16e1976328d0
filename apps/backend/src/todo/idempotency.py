"""The header `Idempotency-Key`: a request that carries it can be sent again, by the client or a proxy on the way.

https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID, uuid4, uuid5

from fastapi import Header
from pydantic import BeforeValidator, WithJsonSchema

from todo.models import TodoCreate

_DESCRIPTION = (
    "A UUID, new for each request and the same for each repetition of it. A repeated creation answers with the todo "
    "that the first one made, a repeated deletion with 204. The same key with another title or other notes is another "
    "request, and makes a todo of its own."
)


def _unquoted(value: object) -> object:
    """The draft has the key in double quotes; many clients send it without."""
    if isinstance(value, str) and len(value) > 1 and value[0] == value[-1] == '"':
        return value[1:-1]
    return value


IdempotencyKey = Annotated[
    UUID | None,
    BeforeValidator(_unquoted),
    # Without "or null", which no header can say.
    WithJsonSchema({"type": "string", "format": "uuid"}),
    Header(alias="Idempotency-Key", description=_DESCRIPTION),
]


def new_id(key: UUID | None, new: TodoCreate) -> UUID:
    """The ID of a todo to be created: the same for the same key and content, whatever became of the todo since.

    Fields that are left at their defaults do not count: so a version that knows one field more finds the same ID.
    """
    return uuid4() if key is None else uuid5(key, new.model_dump_json(exclude_defaults=True))
