"""Writes log lines: one by one while they are few, many at a time while they are many."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import TextIO

BURST_SECONDS = 0.05


class LineHandler(logging.StreamHandler[TextIO]):
    """A line is written at once, unless another was within the last 50 ms: then with all others of these 50 ms.

    Each write wakes the container runtime that reads it; under load that costs more than making the line. From warnings
    up nothing waits, nor does it outside of an event loop or at the end of the process.
    """

    def __init__(self, stream: TextIO = sys.stdout) -> None:
        super().__init__(stream)
        self._lines: list[str] = []
        # The event loop that will write what waits.
        self._burst_in: asyncio.AbstractEventLoop | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line, now or at the end of the burst. The caller holds the lock."""
        try:
            self._lines.append(self.format(record) + self.terminator)
            loop = _running_loop()
            if loop is None or loop is not self._burst_in or record.levelno >= logging.WARNING:
                self.flush()
        except Exception:
            self.handleError(record)

    def flush(self) -> None:
        """Write what waits; in an event loop, lines that come soon will be the next to wait."""
        assert self.lock is not None
        with self.lock:
            if self._lines:
                text = "".join(self._lines)
                self._lines.clear()
                self.stream.write(text)
                super().flush()
                self._begin_burst()

    def _begin_burst(self) -> None:
        loop = _running_loop()
        if loop and loop is not self._burst_in:
            self._burst_in = loop
            loop.call_later(BURST_SECONDS, self._end_burst)

    def _end_burst(self) -> None:
        self._burst_in = None
        self.flush()


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
