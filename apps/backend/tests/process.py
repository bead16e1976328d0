"""The real server in a process of its own."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx


class Process:
    """A running `python -m todo`."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self._process = process
        self.url = f"http://127.0.0.1:{port}"
        self.output = ""

    def terminate(self) -> None:
        self._process.send_signal(signal.SIGTERM)

    async def ended(self, seconds: float) -> int:
        """Exit status, once it has ended by itself. Raises TimeoutError when it has not."""
        async with asyncio.timeout(seconds):
            output, _ = await self._process.communicate()
        self.output = output.decode()
        assert self._process.returncode is not None
        return self._process.returncode

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.output.splitlines()]


async def run_module(module: str, **environment: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@asynccontextmanager
async def running_server(url: str, **environment: str) -> AsyncIterator[Process]:
    """Start a server on a free port and wait until it answers."""
    port = free_port()
    process = await run_module("todo", DATABASE_URL=url, PORT=str(port), **environment)
    try:
        async with asyncio.timeout(20), httpx.AsyncClient() as client:
            while not await _answers(client, f"http://127.0.0.1:{port}/health"):
                await asyncio.sleep(0.05)
        yield Process(process, port)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def _answers(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(url)).status_code == 200
    except httpx.TransportError:
        return False
