"""The start of a server, as the cluster's probes see it."""

import asyncio
import sys

from process import free_port, run_module


async def test_who_connects_before_the_application_is_there_waits_and_is_answered() -> None:
    port = free_port()
    server = await run_module("todo", DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing", PORT=str(port))
    try:
        async with asyncio.timeout(20):
            reader, writer = await first_connection(port)
            writer.write(b"GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            assert (await reader.readline()).startswith(b"HTTP/1.1 200 ")
        writer.close()
    finally:
        server.kill()
        await server.communicate()


async def first_connection(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    while True:
        try:
            return await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            await asyncio.sleep(0.01)


async def test_the_port_is_open_before_what_is_slow_to_import() -> None:
    slow = "{'asyncpg', 'fastapi', 'pydantic', 'sqlalchemy', 'uvicorn'}"
    program = f"import sys, todo.__main__; print(sorted({slow} & set(sys.modules)))"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}; {program}", stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    assert output.decode().strip() == "[]"
