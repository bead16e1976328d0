"""The SQL. Each change is one statement, so that simultaneous changes to different fields all survive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, bindparam
from sqlalchemy import delete as delete_statement
from sqlalchemy import update as update_statement
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from todo.database import Database
from todo.models import Status, Todo, TodoCreate, TodoUpdate

# What only reads takes plain rows, by statements that are made once: that is half of the time of a list.
_table = SQLModel.metadata.tables["todo"]
_FILTERS: dict[Status, tuple[Any, ...]] = {
    "all": (),
    "active": (~_table.c.completed,),
    "completed": (_table.c.completed,),
}


def _page_of(condition: tuple[Any, ...]) -> Select[Any]:
    """Newest first; the ID decides between equal times, so that no row is on two pages."""
    rows = _table.select().where(*condition).order_by(_table.c.created_at.desc(), _table.c.id.desc())
    return rows.limit(bindparam("limit")).offset(bindparam("offset"))


_PAGE = {status: _page_of(condition) for status, condition in _FILTERS.items()}
_COUNT = {status: select(func.count()).select_from(_table).where(*condition) for status, condition in _FILTERS.items()}
_ONE = _table.select().where(_table.c.id == bindparam("todo_id"))


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and how many there are in all."""

    items: Sequence[Row[Any]]
    total: int


async def page(database: Database, status: Status, limit: int, offset: int) -> Page:
    """A page of rows, newest first."""
    rows = await database.read(_PAGE[status], {"limit": limit, "offset": offset})
    if len(rows) < limit and (rows or not offset):
        # The last page knows the number of all.
        return Page(rows, offset + len(rows))
    return Page(rows, (await database.read(_COUNT[status], {}))[0][0])


async def read(database: Database, todo_id: UUID) -> Row[Any] | None:
    """One row, or None."""
    rows = await database.read(_ONE, {"todo_id": todo_id})
    return rows[0] if rows else None


async def create(session: AsyncSession, todo_id: UUID, new: TodoCreate) -> Todo:
    """Insert a row and return it as the database made it. A row that has this ID already is returned as it is."""
    statement = insert(Todo).values(id=todo_id, **new.model_dump())
    # DO NOTHING would return nothing; setting the ID to itself changes nothing, and waits for who inserts it just now.
    statement = statement.on_conflict_do_update(index_elements=[col(Todo.id)], set_={"id": statement.excluded.id})
    created: Todo = (await session.exec(statement.returning(Todo))).scalar_one()
    return created


async def update(session: AsyncSession, todo_id: UUID, change: TodoUpdate) -> Todo | None:
    """Set the given fields; None when there is no such row."""
    values = change.model_dump(exclude_unset=True)
    statement = update_statement(Todo).where(col(Todo.id) == todo_id).values(**values, updated_at=func.now())
    return (await session.exec(statement.returning(Todo))).scalar_one_or_none()


async def delete(session: AsyncSession, todo_id: UUID) -> bool:
    """Delete a row; False when there is none."""
    statement = delete_statement(Todo).where(col(Todo.id) == todo_id).returning(col(Todo.id))
    return (await session.exec(statement)).scalar_one_or_none() is not None
