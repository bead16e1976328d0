"""The tables; `migrations/` makes them."""

from datetime import date, datetime

from sqlalchemy import DateTime, ForeignKey, Index, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """What all tables are declared on."""


class Member(Base):
    """Somebody who may borrow; `password` is what `passwords.py` makes of it."""

    __tablename__ = "members"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    password: Mapped[str]


class Book(Base):
    """One copy on the shelf."""

    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    author: Mapped[str]
    year: Mapped[int]


class Loan(Base):
    """A book at a member's; without `returned_at` it still is."""

    __tablename__ = "loans"
    # A book is out once at a time, whoever asks at the same moment.
    __table_args__ = (Index("loans_out", "book_id", unique=True, postgresql_where=text("returned_at IS NULL")),)

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("books.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    due_on: Mapped[date]
    returned_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Letter(Base):
    """A letter to a member; without `posted_at` the postman has not been. A subject is written about once."""

    __tablename__ = "letters"
    __table_args__ = (Index("letters_to_post", "id", postgresql_where=text("posted_at IS NULL")),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    subject: Mapped[str] = mapped_column(unique=True)
    text: Mapped[str]
    posted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
