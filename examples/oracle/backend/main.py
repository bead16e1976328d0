"""The oracle: `uvicorn main:app`."""

import os
import secrets

from fastapi import FastAPI

app = FastAPI(title="The oracle")

ANSWERS = ("Yes.", "No.", "It is written.", "Ask again when the kettle boils.", "Only if it rains.")


@app.get("/health")
def health() -> dict[str, str]:
    """Tell that the process answers."""
    return {"status": "ok"}


@app.post("/api/answer")
def answer() -> dict[str, str]:
    """Answer whatever was asked, in the name that the environment gives."""
    name = os.environ.get("ORACLE_NAME", "the oracle")
    return {"text": f"{secrets.choice(ANSWERS)} - {name}"}
