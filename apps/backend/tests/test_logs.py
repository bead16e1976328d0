"""The log's lines."""

import asyncio
import io
import json
import logging
import sys
from datetime import UTC, datetime

from todo.line_handler import BURST_SECONDS, LineHandler
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


class Writes(io.StringIO):
    """A stream that keeps each write by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def write(self, text: str) -> int:
        self.seen.append(text)
        return len(text)


def say(handler: LineHandler, *messages: str, level: int = logging.INFO) -> None:
    for message in messages:
        handler.handle(logging.makeLogRecord({"msg": message, "levelno": level}))


def test_outside_of_an_event_loop_each_line_is_written_at_once() -> None:
    stream = Writes()
    say(LineHandler(stream), "a", "b")
    assert stream.seen == ["a\n", "b\n"]


async def test_lines_in_quick_succession_are_written_together_and_soon() -> None:
    stream = Writes()
    handler = LineHandler(stream)
    say(handler, "a", "b", "c")
    assert stream.seen == ["a\n"]
    await asyncio.sleep(BURST_SECONDS * 2)
    assert stream.seen == ["a\n", "b\nc\n"]
    await asyncio.sleep(BURST_SECONDS * 2)
    say(handler, "d")
    assert stream.seen[2:] == ["d\n"]


def test_a_second_event_loop_does_not_wait_for_the_first() -> None:
    stream = Writes()
    handler = LineHandler(stream)

    async def say_two() -> None:
        say(handler, "a", "b")

    asyncio.run(say_two())
    asyncio.run(say_two())
    assert stream.seen == ["a\n", "b\na\n"]


async def test_a_warning_is_written_at_once_after_what_came_before_it() -> None:
    stream = Writes()
    handler = LineHandler(stream)
    say(handler, "a", "b")
    say(handler, "bad", level=logging.WARNING)
    assert stream.seen == ["a\n", "b\nbad\n"]


async def test_the_end_of_the_process_writes_what_waits() -> None:
    stream = Writes()
    handler = LineHandler(stream)
    say(handler, "a", "b")
    logging.shutdown([lambda: handler])
    assert stream.seen == ["a\n", "b\n"]
