"""A TCP proxy in front of PostgreSQL that can be cut, made silent and restored."""

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit


class Proxy:
    """Stands for the network: `cut` refuses and resets connections, `silence` swallows everything."""

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
        database_reader, database_writer = await asyncio.open_connection(*self._target)
        self._writers += [writer, database_writer]
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
                await self._flowing.wait()
                writer.write(data)
                await writer.drain()
        if record is not None:
            record.append(last)
        writer.close()
