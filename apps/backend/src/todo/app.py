"""Puts the application together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from todo.database import Database
from todo.lifecycle import Lifecycle
from todo.metrics import Metrics
from todo.middleware import install_middleware
from todo.middleware.headers import DOCS_PATH
from todo.problems import Problem, install_problems
from todo.routes import operations, todos
from todo.routes.state import Services
from todo.settings import Settings


def create_app(settings: Settings, lifecycle: Lifecycle) -> FastAPI:
    """The application, ready to be served. It connects to the database when first asked for something in it."""
    database = Database(settings.database, settings.pool_size, settings.ping)
    services = Services(settings, database, lifecycle, Metrics(settings.version, database))

    @asynccontextmanager
    async def close_at_the_end(_app: FastAPI) -> AsyncIterator[None]:
        yield
        await database.close()

    app = TodoApi(
        title="Todo",
        version=settings.version,
        lifespan=close_at_the_end,
        docs_url=DOCS_PATH,
        openapi_url="/api/openapi.json",
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.services = services
    app.include_router(operations.router)
    app.include_router(todos.router)
    install_problems(app)
    install_middleware(app, settings.version, lifecycle, services.metrics)
    return app


class TodoApi(FastAPI):
    """FastAPI whose OpenAPI document describes the errors as what they are: problem documents."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document, made once."""
        if not self.openapi_schema:
            schemas = super().openapi()["components"]["schemas"]
            _, problem = models_json_schema([(Problem, "serialization")], ref_template="#/components/schemas/{model}")
            schemas |= problem["$defs"]
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
        assert self.openapi_schema is not None
        return self.openapi_schema
