"""Pure ASGI middlewares, outermost first: envelope, liveness, body limit."""

from fastapi import FastAPI

from todo.lifecycle import Lifecycle
from todo.metrics import Metrics
from todo.middleware.body_limit import BodyLimit
from todo.middleware.envelope import Envelope
from todo.middleware.liveness import Liveness


def install_middleware(app: FastAPI, version: str, lifecycle: Lifecycle, metrics: Metrics) -> None:
    """Wrap the application. `add_middleware` puts each around those before it, so the innermost comes first."""
    app.add_middleware(BodyLimit)
    app.add_middleware(Liveness, version=version)
    app.add_middleware(Envelope, lifecycle=lifecycle, metrics=metrics)
