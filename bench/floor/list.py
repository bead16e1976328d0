"""The floor of the list: the same query by a bare asyncpg pool, returned by FastAPI as a list of dicts."""

import os
from contextlib import asynccontextmanager

import asyncpg
import uvicorn
from fastapi import FastAPI

QUERY = """
SELECT id, title, notes, completed, created_at, updated_at
FROM todo ORDER BY created_at DESC, id DESC LIMIT 100 OFFSET 0
"""


@asynccontextmanager
async def lifespan(app):
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=5, max_size=5) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/api/todos")
async def todos():
    return [dict(row) for row in await app.state.pool.fetch(QUERY)]


if __name__ == "__main__":
    uvicorn.run(
        app,
        host="0.0.0.0",
        port=int(os.environ["PORT"]),
        loop="uvloop",
        http="httptools",
        ws="none",
        access_log=False,
        log_level="warning",
    )
