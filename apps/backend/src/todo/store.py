"""The SQL. Each change is one statement, so that simultaneous changes to different fields all survive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete as delete_statement
from sqlalchemy import update as update_statement
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from todo.models import Status, Todo, TodoCreate, TodoUpdate


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and how many there are in all."""

    items: Sequence[Todo]
    total: int


async def page(session: AsyncSession, status: Status, limit: int, offset: int) -> Page:
    """Rows in the order newest first; the ID decides between equal times, so that no row is on two pages."""
    rows, count = select(Todo), select(func.count()).select_from(Todo)
    if status != "all":
        wanted = col(Todo.completed).is_(status == "completed")
        rows, count = rows.where(wanted), count.where(wanted)
    order = col(Todo.created_at).desc(), col(Todo.id).desc()
    items = (await session.exec(rows.order_by(*order).limit(limit).offset(offset))).all()
    return Page(items, (await session.exec(count)).one())


async def create(session: AsyncSession, todo_id: UUID, new: TodoCreate) -> Todo:
    """Insert a row and return it as the database made it. A row that has this ID already is returned as it is."""
    statement = insert(Todo).values(id=todo_id, **new.model_dump())
    # DO NOTHING would return nothing; setting the ID to itself changes nothing, and waits for who inserts it just now.
    statement = statement.on_conflict_do_update(index_elements=[col(Todo.id)], set_={"id": statement.excluded.id})
    created: Todo = (await session.exec(statement.returning(Todo))).scalar_one()
    return created


async def read(session: AsyncSession, todo_id: UUID) -> Todo | None:
    """One row, or None."""
    return (await session.exec(select(Todo).where(col(Todo.id) == todo_id))).one_or_none()


async def update(session: AsyncSession, todo_id: UUID, change: TodoUpdate) -> Todo | None:
    """Set the given fields; None when there is no such row."""
    values = change.model_dump(exclude_unset=True)
    statement = update_statement(Todo).where(col(Todo.id) == todo_id).values(**values, updated_at=func.now())
    return (await session.exec(statement.returning(Todo))).scalar_one_or_none()


async def delete(session: AsyncSession, todo_id: UUID) -> bool:
    """Delete a row; False when there is none."""
    statement = delete_statement(Todo).where(col(Todo.id) == todo_id).returning(col(Todo.id))
    return (await session.exec(statement)).scalar_one_or_none() is not None
