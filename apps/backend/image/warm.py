"""Imports what the server imports from elsewhere, so that its bytecode is there before the application's source is.

What is missing here costs nothing at run time: `smoke.py` runs the real server and writes the rest.
"""

import importlib

MODULES = (
    "alembic.command",
    "alembic.autogenerate",
    "alembic.ddl.postgresql",
    "asyncpg",
    "fastapi",
    "fastapi.openapi.docs",
    "prometheus_client",
    "sqlalchemy.dialects.postgresql.asyncpg",
    "sqlalchemy.ext.asyncio",
    "sqlmodel.ext.asyncio.session",
    "uvicorn",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.http.httptools_impl",
    "uvloop",
    # Also used by smoke.py, and by the chart's test with this image.
    "http.client",
    "subprocess",
    "urllib.request",
)

for module in MODULES:
    importlib.import_module(module)
