"""Errors as problem documents (RFC 9457), in words for people."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response

from todo import logs
from todo.database import DatabaseUnavailable
from todo.validation import FieldError, explain

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 2
log = logging.getLogger(__name__)


class Problem(BaseModel):
    """The body of every error response."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    request_id: str | None
    errors: list[FieldError] | None = None


def problem_response(
    status: int, detail: str, errors: list[FieldError] | None = None, headers: dict[str, str] | None = None
) -> Response:
    """A problem document as a response; its title is the status's name."""
    problem = Problem(
        title=HTTPStatus(status).phrase, status=status, detail=detail, request_id=logs.request_id.get(), errors=errors
    )
    return Response(problem.model_dump_json(exclude_none=True), status, headers, MEDIA_TYPE)


def unavailable(detail: str) -> Response:
    """503, with the time after which asking again makes sense."""
    return problem_response(503, detail, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})


def unexpected() -> Response:
    """500: our mistake. The request's ID in it leads to the traceback in the log."""
    return problem_response(500, "Something went wrong on our side. The request ID leads to the cause in the log.")


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI `responses` of an operation that may answer with these problems."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses}


def install_problems(app: FastAPI) -> None:
    """Make every error of the application a problem document."""
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(DatabaseUnavailable, _on_database)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    detail, headers = error.detail, dict(error.headers or {})
    if error.status_code == 404 and detail == HTTPStatus(404).phrase:
        detail = f"There is nothing at {request.scope['path']}."
    elif error.status_code == 405:
        detail = f"{request.method} is not possible at {request.scope['path']}."
        headers |= _allowed(request)
    elif error.status_code == 400:
        detail = "The body cannot be read: it must be JSON in UTF-8."
    return problem_response(error.status_code, detail, headers=headers)


def _allowed(request: Request) -> dict[str, str]:
    """All methods that the path has by the OpenAPI document: FastAPI names those of the first matching route only."""
    operations = request.app.openapi()["paths"].get(getattr(request.scope.get("route"), "path", None))
    return {"Allow": ", ".join(sorted(operations)).upper()} if operations else {}


async def _on_validation(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = [explain(each) for each in error.errors()]
    return problem_response(422, _summary(errors), errors)


async def _on_database(_request: Request, error: Exception) -> Response:
    log.warning("database unavailable", extra={"cause": str(error)})
    return unavailable("The database cannot be reached at the moment. Nothing was changed; please try again shortly.")


def _summary(errors: Sequence[FieldError]) -> str:
    return "; ".join(f"{error.field} {error.message}" for error in errors) + "."
