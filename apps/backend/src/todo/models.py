"""The todo: as a table, as what clients send, and as what they get."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID, uuid4

from pydantic import AfterValidator, BaseModel, ConfigDict, StrictBool, StringConstraints, model_validator
from pydantic import Field as PydanticField
from sqlalchemy import CheckConstraint, DateTime, Index, desc, func, text
from sqlmodel import Field, SQLModel

TITLE_LENGTH = 200
NOTES_LENGTH = 2000
Status = Literal["all", "active", "completed"]


def _storable(value: str) -> str:
    """PostgreSQL's text cannot hold U+0000."""
    if "\x00" in value:
        raise ValueError("must not contain the character U+0000")
    return value


# The patterns are for the OpenAPI document alone: the validators check the same, in words of their own.
Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=TITLE_LENGTH),
    AfterValidator(_storable),
    PydanticField(json_schema_extra={"pattern": r"^[^\u0000]*[^\s\u0000][^\u0000]*$"}),
]
Notes = Annotated[
    str,
    StringConstraints(max_length=NOTES_LENGTH),
    AfterValidator(_storable),
    PydanticField(json_schema_extra={"pattern": r"^[^\u0000]*$"}),
]


class Todo(SQLModel, table=True):
    """One row. The database keeps the time, so that all replicas share one clock."""

    __table_args__ = (
        CheckConstraint(f"char_length(title) BETWEEN 1 AND {TITLE_LENGTH}", name="todo_title_length"),
        CheckConstraint(f"char_length(notes) <= {NOTES_LENGTH}", name="todo_notes_length"),
        Index("todo_newest_first", desc("created_at"), desc("id")),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    title: str
    notes: str = Field(default="", sa_column_kwargs={"server_default": ""})
    completed: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    created_at: datetime = Field(
        default=None, sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )
    updated_at: datetime = Field(
        default=None, sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )


class TodoCreate(BaseModel):
    """What `POST /api/todos` takes."""

    model_config = ConfigDict(extra="forbid")
    title: Title
    notes: Notes = ""


class TodoUpdate(BaseModel):
    """What `PATCH /api/todos/{id}` takes: what is left out stays as it is, and nothing can be null."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"minProperties": 1})
    title: Title = ""
    notes: Notes = ""
    completed: StrictBool = False

    @model_validator(mode="after")
    def _changes_something(self) -> TodoUpdate:
        if not self.model_fields_set:
            raise ValueError("must have at least one of title, notes, completed")
        return self


class TodoRead(BaseModel):
    """A todo as clients see it."""

    id: UUID
    title: str
    notes: str
    completed: bool
    created_at: datetime
    updated_at: datetime


class TodoPage(BaseModel):
    """A page of todos, newest first, and how many there are over all pages."""

    items: list[TodoRead]
    total: int
