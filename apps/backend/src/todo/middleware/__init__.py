"""Pure ASGI middlewares, outermost first as `install_middleware` lists them."""

from fastapi import FastAPI

from todo.lifecycle import Lifecycle
from todo.metrics import Metrics
from todo.middleware.access_log import AccessLog
from todo.middleware.body_limit import BodyLimit
from todo.middleware.errors import Errors
from todo.middleware.headers import Headers
from todo.middleware.measure import Measure
from todo.middleware.request_id import RequestId


def install_middleware(app: FastAPI, lifecycle: Lifecycle, metrics: Metrics) -> None:
    """Wrap the application. `add_middleware` puts each around those before it, so the innermost comes first."""
    app.add_middleware(BodyLimit)
    app.add_middleware(Errors)
    app.add_middleware(Headers, lifecycle=lifecycle)
    app.add_middleware(Measure, metrics=metrics)
    app.add_middleware(AccessLog)
    app.add_middleware(RequestId)
