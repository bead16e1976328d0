"""The Prometheus metrics of one application."""

from __future__ import annotations

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from sqlalchemy.pool import QueuePool
from starlette.types import Scope

from todo.database import Database

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """Requests by method, route and status, their durations, the pool's connections, and the process itself."""

    def __init__(self, version: str, database: Database) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "http_requests", "Requests answered.", ["method", "route", "status"], registry=self.registry
        )
        self.duration = Histogram(
            "http_request_duration_seconds",
            "Time to answer a request.",
            ["method", "route"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.active = 0
        in_progress = Gauge("http_requests_in_progress", "Requests being answered.", registry=self.registry)
        in_progress.set_function(lambda: self.active)
        pool = database.engine.pool
        assert isinstance(pool, QueuePool)
        in_use = Gauge("database_connections_in_use", "Connections that serve a request.", registry=self.registry)
        in_use.set_function(pool.checkedout)
        Info("todo_build", "The running version.", registry=self.registry).info({"version": version})
        ProcessCollector(registry=self.registry)

    def record(self, scope: Scope, status: int, seconds: float) -> None:
        """Count a request. Labelled by route, never by path: what clients invent must not become time series."""
        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        route = getattr(scope.get("route"), "path", "unmatched")
        self.requests.labels(method, route, status).inc()
        self.duration.labels(method, route).observe(seconds)

    def text(self) -> bytes:
        """All metrics in Prometheus' text format."""
        return generate_latest(self.registry)
