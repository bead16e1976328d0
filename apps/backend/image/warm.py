"""Imports what the server imports from elsewhere, so that its bytecode is there before the application's source is.

`smoke.py` tells what is missing here.
"""

import importlib
import os
from pathlib import Path

MODULES = (
    "alembic.command",
    "alembic.autogenerate",
    "alembic.ddl.postgresql",
    "asyncpg",
    "encodings.idna",
    "fastapi",
    "fastapi.openapi.docs",
    "fastapi.telemetry._runtime",
    "prometheus_client",
    "pydantic._internal._dataclasses",
    "sqlalchemy.dialects.postgresql.asyncpg",
    "sqlalchemy.ext.asyncio",
    "sqlmodel.ext.asyncio.session",
    "uvicorn",
    "uvicorn.lifespan.on",
    "uvicorn.loops.uvloop",
    "uvicorn.protocols.http.httptools_impl",
    "uvloop",
    # Used by the compilation of the source, by smoke.py, and by the chart's test with this image.
    "compileall",
    "http.client",
    "subprocess",
    "urllib.request",
)

for module in MODULES:
    importlib.import_module(module)

# Equal sources make equal layers: no file keeps the moment of its build.
CACHE = Path(os.environ["PYTHONPYCACHEPREFIX"])
for path in (*CACHE.rglob("*"), CACHE):
    os.utime(path, (0, 0))
