"""What the cluster asks: alive? ready? how busy?"""

from __future__ import annotations

from fastapi import APIRouter, Response

from todo.database import DatabaseUnavailable
from todo.metrics import CONTENT_TYPE
from todo.problems import described, unavailable
from todo.routes.state import Shared

router = APIRouter(tags=["operations"])


def alive(version: str) -> dict[str, str]:
    """What `/health` answers."""
    return {"status": "ok", "version": version}


# For the documentation and for other methods: todo.middleware.liveness answers before a request comes here.
@router.get("/health")
async def health(services: Shared) -> dict[str, str]:
    """Whether the process answers. Never asks the database: restarting us would not mend that."""
    return alive(services.settings.version)


@router.get("/ready", response_model=dict[str, str], responses=described(503))
async def ready(services: Shared) -> dict[str, str] | Response:
    """Whether requests should be sent here: the database answers and we are not shutting down."""
    if services.lifecycle.draining:
        return unavailable("The server is shutting down.")
    try:
        await services.database.ping()
    except DatabaseUnavailable as error:
        return unavailable(f"The database cannot be reached ({error}).")
    return {"status": "ready"}


@router.get("/metrics", response_class=Response)
async def metrics(services: Shared) -> Response:
    """Metrics for Prometheus."""
    return Response(services.metrics.text(), headers={"Content-Type": CONTENT_TYPE})


@router.get("/api/version")
async def version(services: Shared) -> dict[str, str]:
    """The running version."""
    return {"version": services.settings.version}
