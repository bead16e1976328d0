"""Pydantic's findings in words that a person understands."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

# By pydantic's error types (https://docs.pydantic.dev/latest/errors/validation_errors/); {names} are of its context.
_MESSAGES = {
    "missing": "is required",
    "extra_forbidden": "is not a known field",
    "string_type": "must be text",
    "string_unicode": "must be valid Unicode text",
    "string_too_long": "must be at most {max_length} characters long",
    "bool_type": "must be true or false",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "is too large a number",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "literal_error": "must be one of {expected}",
    "uuid_parsing": "is not a valid ID: it must be a UUID",
    "json_invalid": "is not valid JSON: {error}",
    "model_attributes_type": "must be a JSON object, sent with Content-Type: application/json",
    "model_type": "must be a JSON object, sent with Content-Type: application/json",
}


class FieldError(BaseModel):
    """One mistake in a request: which field, and what is wrong with it. The field `body` is the body as a whole."""

    field: str
    message: str


def explain(finding: dict[str, Any]) -> FieldError:
    """Turn one of pydantic's findings into a field error, without the input that caused it."""
    kind, context = finding["type"], finding.get("ctx", {})
    if kind == "value_error":
        message = str(context["error"])
    elif kind == "string_too_short":
        message = "must not be empty"
    elif kind in _MESSAGES:
        message = _MESSAGES[kind].format_map(context)
    else:
        message = finding["msg"]
    return FieldError(field=_field(kind, finding["loc"]), message=message)


def _field(kind: str, location: tuple[str | int, ...]) -> str:
    """`("body", "title")` is the field title. For broken JSON the second part is a position, no field."""
    inner = () if kind == "json_invalid" else location[1:]
    return ".".join(str(part) for part in inner) or str(location[0])
