"""A TCP proxy in front of PostgreSQL that can be cut, made silent, put to sleep and restored."""

import asyncio
import time
from contextlib import suppress
from urllib.parse import urlsplit


class Proxy:
    """Stands for the network: `cut` refuses and resets connections, `silence` swallows everything.

    And for a database that is suspended: `sleep` closes the connections, and wakes by the first new one.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._target = (parts.hostname or "", parts.port or 5432)
        self._parts = parts
        self._port = 0
        self._flowing = asyncio.Event()
        self._writers: list[asyncio.StreamWriter] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._server: asyncio.Server | None = None
        self.last_words: list[bytes] = []
        """The last bytes of each client that has closed its connection."""
        self.received = 0
        """Bytes that the clients have sent."""
        self._waking_takes = 0.0
        self._wakes_at = 0.0

    @property
    def url(self) -> str:
        user = self._parts.netloc.rpartition("@")[0]
        return self._parts._replace(netloc=f"{user}@127.0.0.1:{self._port}").geturl()

    async def start(self) -> None:
        self._flowing.set()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        assert self._server
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def sleep(self, seconds_to_wake: float) -> None:
        await self.cut()
        self._waking_takes = seconds_to_wake
        await self.start()

    def silence(self) -> None:
        self._flowing.clear()

    def speak(self) -> None:
        self._flowing.set()

    async def close(self) -> None:
        await self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        if self._waking_takes:
            self._wakes_at, self._waking_takes = time.monotonic() + self._waking_takes, 0.0
        await asyncio.sleep(self._wakes_at - time.monotonic())
        database_reader, database_writer = await asyncio.open_connection(*self._target)
        self._writers.append(database_writer)
        self._tasks += [
            asyncio.create_task(self._pump(reader, database_writer, self.last_words)),
            asyncio.create_task(self._pump(database_reader, writer, None)),
        ]

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, record: list[bytes] | None
    ) -> None:
        last = b""
        with suppress(OSError):
            while data := await reader.read(65536):
                last = data
                if record is not None:
                    self.received += len(data)
                await self._flowing.wait()
                writer.write(data)
                await writer.drain()
        if record is not None:
            record.append(last)
        writer.close()
