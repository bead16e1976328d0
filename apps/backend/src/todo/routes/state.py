"""What the operations share, as dependencies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from todo.database import Database
from todo.lifecycle import Lifecycle
from todo.metrics import Metrics
from todo.settings import Settings


@dataclass(frozen=True, slots=True)
class Services:
    """Made once by `create_app`, kept at `app.state.services`."""

    settings: Settings
    database: Database
    lifecycle: Lifecycle
    metrics: Metrics


# Asynchronous, although it waits for nothing: FastAPI runs what is not in a thread.
async def _services(request: Request) -> Services:
    services = request.app.state.services
    assert isinstance(services, Services)
    return services


async def _database(request: Request) -> Database:
    return (await _services(request)).database


Shared = Annotated[Services, Depends(_services)]
SharedDatabase = Annotated[Database, Depends(_database)]
