"""The log's lines."""

import json
import logging
import sys
from datetime import UTC, datetime

from todo.logs import JsonFormatter, request_id


def line(record: logging.LogRecord) -> dict[str, object]:
    text = JsonFormatter().format(record)
    assert "\n" not in text
    parsed: dict[str, object] = json.loads(text)
    return parsed


def test_a_line_has_time_level_message_and_extras() -> None:
    record = logging.makeLogRecord({"name": "a.b", "levelname": "INFO", "msg": "say %s", "args": ("x\ny",), "port": 1})
    parsed = line(record)
    written = datetime.fromisoformat(str(parsed.pop("timestamp")))
    assert written.utcoffset() == UTC.utcoffset(None)
    assert parsed == {"level": "info", "logger": "a.b", "message": "say x\ny", "port": 1}


def test_a_line_of_a_request_has_its_id() -> None:
    token = request_id.set("r-4")
    try:
        assert line(logging.makeLogRecord({"msg": "x"}))["request_id"] == "r-4"
    finally:
        request_id.reset(token)


def test_a_traceback_stays_in_the_line() -> None:
    try:
        raise ValueError("boom")
    except ValueError:
        record = logging.makeLogRecord({"msg": "x", "exc_info": sys.exc_info()})
    assert "ValueError: boom" in str(line(record)["traceback"])


def test_what_json_cannot_say_is_written_as_text() -> None:
    assert (
        line(
            logging.makeLogRecord(
                {
                    "msg": "x",
                    "thing": {
                        1,
                    },
                }
            )
        )["thing"]
        == "{1}"
    )
