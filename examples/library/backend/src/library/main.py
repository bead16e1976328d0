"""The API: `uvicorn library.main:app`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, HTTPException
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from library import books, members
from library.database import new_session
from library.settings import token_secret


@asynccontextmanager
async def _lifespan(api: FastAPI) -> AsyncIterator[None]:
    api.state.token_secret = token_secret()
    yield


app = FastAPI(title="Lending library", lifespan=_lifespan)
app.include_router(members.router)
app.include_router(books.router)


@app.get("/health", tags=["probes"])
def health() -> dict[str, str]:
    """Tell that the process answers."""
    return {"status": "ok"}


@app.get("/ready", tags=["probes"])
def ready() -> dict[str, str]:
    """Tell whether the database answers, too."""
    try:
        with new_session() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        raise HTTPException(503, "The database does not answer.") from error
    return {"status": "ok"}
