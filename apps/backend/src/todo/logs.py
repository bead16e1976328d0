"""Structured logs: one JSON object to a line on standard output."""

from __future__ import annotations

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

from todo.line_handler import LineHandler

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The correlation ID of the request being served, in every log line written while serving it."""

# What a LogRecord has by itself; whatever else it carries came by `extra=` and belongs in the line.
_STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}
_encode = json.JSONEncoder(default=str, ensure_ascii=False).encode


class JsonFormatter(logging.Formatter):
    """Formats a record as JSON, with its `extra` fields, its traceback and the request's ID."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if current := request_id.get():
            line["request_id"] = current
        line.update({key: value for key, value in vars(record).items() if key not in _STANDARD})
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return _encode(line)


def configure_logs(level: str) -> None:
    """Send all logging of the process through the JSON formatter, from `level` (debug ... critical) up."""
    # A lone surrogate in a logged value must not cost the line.
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    handler = LineHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    logging.captureWarnings(True)
    # Not in our lines, so not worth finding out: https://docs.python.org/3/howto/logging.html#optimization
    logging._srcfile = None
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    # Alembic tells of each of its plugins at every start.
    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)
