"""The todos: list, create, read, change, delete."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, HTTPException, Query, Response
from sqlalchemy import Row

from todo import store
from todo.idempotency import IdempotencyKey, new_id
from todo.models import Status, Todo, TodoCreate, TodoPage, TodoRead, TodoUpdate
from todo.problems import described
from todo.routes.state import SharedDatabase

# PostgreSQL counts rows in 64 bits; nobody pages this far.
MAX_OFFSET = 1_000_000_000

router = APIRouter(prefix="/api/todos", tags=["todos"], responses=described(422, 503))


@router.get("", response_model=TodoPage)
async def list_todos(
    database: SharedDatabase,
    status: Status = "all",
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
    offset: Annotated[int, Query(ge=0, le=MAX_OFFSET)] = 0,
) -> store.Page:
    """A page of todos, newest first."""
    return await store.page(database, status, limit, offset)


@router.post("", status_code=201, response_model=TodoRead, responses=described(400, 413))
async def create_todo(
    new: TodoCreate, database: SharedDatabase, response: Response, idempotency_key: IdempotencyKey = None
) -> Todo:
    """Create a todo; `Location` says where it is."""
    async with database.transaction() as session:
        todo = await store.create(session, new_id(idempotency_key, new), new)
    response.headers["Location"] = f"{router.prefix}/{todo.id}"
    return todo


@router.get("/{todo_id}", response_model=TodoRead, responses=described(404))
async def read_todo(todo_id: UUID, database: SharedDatabase) -> Row[Any]:
    """One todo."""
    return _found(await store.read(database, todo_id), todo_id)


@router.patch("/{todo_id}", response_model=TodoRead, responses=described(400, 404, 413))
async def update_todo(
    todo_id: UUID, change: TodoUpdate, database: SharedDatabase, _idempotency_key: IdempotencyKey = None
) -> Todo:
    """Change the fields that are given, and no other. A repetition sets the same values again."""
    async with database.transaction() as session:
        return _found(await store.update(session, todo_id, change), todo_id)


@router.delete("/{todo_id}", status_code=204, responses=described(404))
async def delete_todo(todo_id: UUID, database: SharedDatabase, idempotency_key: IdempotencyKey = None) -> None:
    """Delete a todo for good. With a key, a todo that is not there counts as deleted: a repetition has not failed."""
    async with database.transaction() as session:
        if not await store.delete(session, todo_id) and idempotency_key is None:
            raise _missing(todo_id)


def _found[Found](todo: Found | None, todo_id: UUID) -> Found:
    if todo is None:
        raise _missing(todo_id)
    return todo


def _missing(todo_id: UUID) -> HTTPException:
    return HTTPException(404, f"There is no todo with the ID {todo_id}. It may have been deleted.")
